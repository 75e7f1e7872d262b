using System.Net.Http.Headers;

namespace Company.TicketSystem;

/// <summary>A file to upload.</summary>
public sealed class Upload
{
    private readonly string? _path;
    private readonly byte[] _content;

    /// <summary>A file of this computer.</summary>
    public Upload(string path)
    {
        _path = path;
        _content = [];
        FileName = Path.GetFileName(path);
    }

    /// <summary>A file given by its content.</summary>
    public Upload(byte[] content, string fileName)
    {
        _content = content;
        FileName = fileName;
    }

    /// <summary>The name that the file gets.</summary>
    public string FileName { get; init; }

    /// <summary>Its type.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>Whether only staff may see it.</summary>
    public bool IsInternal { get; init; }

    internal HttpContent ToContent()
    {
        HttpContent file = _path is null ? new ByteArrayContent(_content) : new StreamContent(File.OpenRead(_path));
        file.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        var form = new MultipartFormDataContent { { file, "file", FileName } };
        if (Description is not null)
        {
            form.Add(new StringContent(Description), "description");
        }
        form.Add(new StringContent(IsInternal ? "true" : "false"), "is_internal");
        return form;
    }
}
