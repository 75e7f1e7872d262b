using Company.TicketSystem.Internal;
using Company.TicketSystem.Models;

namespace Company.TicketSystem.Resources;

/// <summary>Webhook subscriptions and deliveries. An id is the numeric id as a text, or "wh_...".</summary>
public sealed class WebhooksResource : Resource
{
    internal WebhooksResource(Transport transport)
        : base(transport)
    {
    }

    /// <summary>Create a subscription. Without a secret, one is generated; only this response has it.</summary>
    public Task<Webhook> CreateAsync(NewWebhook webhook, CancellationToken cancellation = default) =>
        OneAsync<Webhook>(Post("/webhooks", webhook), cancellation);

    /// <summary>Return a page of the subscriptions.</summary>
    public Task<Page<Webhook>> ListAsync(long page = 1, long size = 20, CancellationToken cancellation = default) =>
        PageAsync<Webhook>(webhook => webhook.Id, Get("/webhooks", ("page", page), ("size", size)), cancellation);

    /// <summary>Return a subscription.</summary>
    public Task<Webhook> GetAsync(string id, CancellationToken cancellation = default) =>
        OneAsync<Webhook>(Get(PathOf(id)), cancellation);

    /// <summary>Change a subscription.</summary>
    public Task<Webhook> UpdateAsync(string id, WebhookChanges changes, CancellationToken cancellation = default) =>
        OneAsync<Webhook>(Patch(PathOf(id), changes), cancellation);

    /// <summary>Delete a subscription.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellation = default) =>
        Transport.SendAsync(Delete(PathOf(id)), cancellation);

    /// <summary>Replace the secret; both sign for a day. Only this response has it.</summary>
    public Task<Webhook> RotateSecretAsync(string id, string? secret = null, CancellationToken cancellation = default) =>
        OneAsync<Webhook>(Post(PathOf(id) + "/rotate-secret", ("secret", secret)), cancellation);

    /// <summary>Send a test event.</summary>
    public Task<Delivery> TestAsync(string id, CancellationToken cancellation = default) =>
        OneAsync<Delivery>(Post(PathOf(id) + "/test"), cancellation);

    /// <summary>Return a page of a webhook's deliveries, newest first.</summary>
    public Task<Page<Delivery>> DeliveriesAsync(
        string id,
        string? state = null,
        EventName? eventName = null,
        long page = 1,
        long size = 20,
        CancellationToken cancellation = default)
    {
        var call = Get(
            PathOf(id) + "/deliveries",
            ("state", state),
            ("event", eventName),
            ("page", page),
            ("size", size));
        return PageAsync<Delivery>(delivery => delivery.Id, call, cancellation);
    }

    /// <summary>Return a delivery with its payload, response and attempts.</summary>
    public Task<DeliveryDetails> DeliveryAsync(string id, long deliveryId, CancellationToken cancellation = default) =>
        OneAsync<DeliveryDetails>(Get($"{PathOf(id)}/deliveries/{deliveryId}"), cancellation);

    /// <summary>Send a delivery again.</summary>
    public Task<Delivery> ReplayAsync(string id, long deliveryId, CancellationToken cancellation = default) =>
        OneAsync<Delivery>(Post($"{PathOf(id)}/deliveries/{deliveryId}/replay"), cancellation);

    /// <summary>Send the deliveries of a period again; by default those that failed.</summary>
    public Task<ReplayResult> ReplaySinceAsync(
        string id,
        DateTimeOffset since,
        DateTimeOffset? until = null,
        string? state = null,
        CancellationToken cancellation = default)
    {
        var call = Post(PathOf(id) + "/replay", ("since", since), ("until", until), ("state", state));
        return OneAsync<ReplayResult>(call, cancellation);
    }

    private static string PathOf(string id) => "/webhooks/" + Call.Segment(id);
}
