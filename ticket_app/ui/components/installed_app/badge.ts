/** The number of unread notifications on the icon of the installed app, where the browser can show it. */

type BadgeNavigator = Partial<Pick<Navigator, "setAppBadge" | "clearAppBadge">>;

/** Shows the number, or removes it for 0. The worker does the same when a push arrives. */
export async function showUnreadCount(count: number, target: BadgeNavigator = navigator): Promise<void> {
  try {
    await (count > 0 ? target.setAppBadge?.(count) : target.clearAppBadge?.());
  } catch { /* not allowed here, such as in a private window */ }
}
