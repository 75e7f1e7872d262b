"""What mail clients write around quoted messages and signatures, in eleven languages.

English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Japanese and Chinese.
`mailparser_reply` adds what it knows in these and in Czech, Danish, Korean and Swedish.
"""

from __future__ import annotations

import re

from mailparser_reply.constants import MAIL_LANGUAGES

MAX_LINE = 300
"""Characters of a line that the expressions look at."""
MAX_ATTRIBUTION = 500
"""Characters of the lines that say who wrote what is quoted below."""


def _any(*words: str) -> str:
    return "|".join(words)


_WROTE = re.compile(
    _any(
        r"\b(?:wrote|writes|schrieb|geschrieben|a[ \xa0][ée]crit)\b",
        r"\b(?:escribi[óo]|escreveu|ha scritto)\b",
        r"\b(?:schreef|geschreven|pisze|napisa[łl](?:\(a\)|a)?|пишет|писал[аи]?|написал(?:\(а\)|а)?)(?!\w)",
        r"(?:さんは|が)?書きました|さんのメール|のメール|のメッセージ|wrote|写道|寫道|写到|來信|来信",
        r"\b(?:skrev|napsal(?:\(a\)|a)?|het volgende)(?!\w)",
    ),
    re.IGNORECASE,
)
_NUMERIC_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日?|\d{4}년"
_WORD_DATE = (
    r"\b\d{1,2}\.?º?\s+(?:de\s+)?[^\W\d]{3,12}\.?,?(?:\s+de)?\s+\d{2,4}\b"
    r"|[^\W\d]{3,12}\.?\s+\d{1,2},?\s+\d{4}\b"
)
_DATE = re.compile(f"{_NUMERIC_DATE}|{_WORD_DATE}")
_OPENER = re.compile(
    r"\s*(?:(?:On|Am|Le|El|En|Em|No dia|A|Il|Op|W dniu|Dnia|Den|Dne)\s.*\d|At \d{4}"
    r"|Wiadomość napisana|Quoting\s|Zitat von|在.*\d|於.*\d"
    rf"|(?:[^\W\d]{{2,13}}\.?,?\s+)?(?:{_NUMERIC_DATE}|\d{{1,2}}\.?\s+(?:de\s+)?[^\W\d]{{3,12}}))",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}[:.h時点]\s?\d{2}")
_EMAIL = re.compile(r"[^\s<>@\"(]+@[^\s<>@\")]+\.\w+")
_ENDS = re.compile(r"[:：][\s>*_]*$")
_QUOTING = re.compile(r"(?:Quoting|Zitat von|Citando a?|Citation de)\s.{2,200}:\s*$", re.IGNORECASE)

_LIBRARY_ATTRIBUTIONS = [
    re.compile(pattern, re.IGNORECASE)
    for language in MAIL_LANGUAGES.values()
    if (pattern := language.get("wrote_header"))
]


def is_attribution(text: str, *, is_quoted_below: bool) -> bool:
    """Return whether a text, its lines joined, says who wrote what follows.

    Above lines that are quoted less is enough to believe it than above any other text.
    """
    line = " ".join(text[:MAX_ATTRIBUTION].split())
    has_date, has_email = _DATE.search(line) is not None, _EMAIL.search(line) is not None
    has_time = _TIME.search(line) is not None
    if not _ENDS.search(line):
        # Some clients leave out the colon.
        return has_date and has_time and has_email and line.endswith("wrote")
    if _WROTE.search(line):
        if is_quoted_below or (has_date and has_time) or (has_date and has_email):
            return True
    elif has_date and has_email and (has_time or is_quoted_below):
        return True
    if is_quoted_below and _QUOTING.match(line):
        return True
    return (has_date or has_email) and any(pattern.match(line) for pattern in _LIBRARY_ATTRIBUTIONS)


_WITH_TEXT = re.compile(
    r"\s*(?:On|Am|Le|El|En|Em|Il|Op)\s.{10,160}?<[^<>\s]+@[^<>\s]+>.{0,30}?"
    r"(?:wrote|schrieb|geschrieben|a écrit|escribió|escreveu|ha scritto|schreef|geschreven)"
    r"\s?:\s+\S"
)


def is_attribution_with_text(line: str) -> bool:
    """Return whether a line says who wrote the rest of it, as Yahoo writes on telephones."""
    start = line[:MAX_LINE]
    return _WITH_TEXT.match(start) is not None and _DATE.search(start) is not None


def opens_attribution(line: str) -> bool:
    """Return whether a line is the first of those that say who wrote what follows."""
    return _OPENER.match(line[:MAX_LINE]) is not None


HEADER_LABELS: dict[str, tuple[str, ...]] = {
    "from": (
        *("From", "Von", "De", "Da", "Van", "Od", "От", "От кого", "差出人", "送信者", "发件人"),
        *("寄件者", "寄件人", "发信人", "Fra", "Från", "보낸 사람", "Remitente", "Expéditeur"),
    ),
    "date": (
        *("Sent", "Date", "Gesendet", "Datum", "Envoyé", "Envoyé le", "Enviado", "Enviado el"),
        *(
            "Message du",
            "Enviado em",
            "Enviada em",
            "Enviada",
            "Fecha",
            "Data",
            "Inviato",
            "Inviata",
            "Verzonden",
        ),
        *("Wysłano", "Wysłane", "Отправлено", "Отправлен", "Дата", "送信日時", "日時", "日付"),
        *(
            "发送时间",
            "发送日期",
            "日期",
            "时间",
            "寄件日期",
            "傳送時間",
            "傳送日期",
            "Sendt",
            "Skickat",
        ),
    ),
    "to": (
        *("To", "An", "À", "Para", "A", "Aan", "Do", "Кому", "宛先", "收件人", "收件者", "Til"),
        *("Till", "받는 사람", "Destinataire"),
    ),
    "cc": (
        "Cc",
        "CC",
        "Kopie",
        "Copie",
        "DW",
        "UDW",
        "Копия",
        "抄送",
        "副本",
        "Kopi",
        "Kopia",
        "Copie à",
    ),
    "subject": (
        *(
            "Subject",
            "Betreff",
            "Objet",
            "Sujet",
            "Asunto",
            "Assunto",
            "Oggetto",
            "Onderwerp",
            "Temat",
        ),
        *("Тема", "件名", "主题", "主題", "主旨", "Emne", "Ämne", "제목"),
    ),
}
"""The names of headers that clients write above a message they quote whole."""
_LABEL_KINDS = {name.casefold(): kind for kind, names in HEADER_LABELS.items() for name in names}
_LABEL = re.compile(r"^[\s>*_|]*([^\W\d_][^\d:：*]{0,20}?)[\s*_]{0,4}[:：][\s*_]*(.*)$")


def header_label(line: str) -> str | None:
    """Return which header of `HEADER_LABELS` a line such as `*Gesendet:* Montag` is, or None."""
    if ":" not in line and "：" not in line:
        return None
    found = _LABEL.match(line[:MAX_LINE])
    return _LABEL_KINDS.get(" ".join(found[1].split()).casefold()) if found else None


_ORIGINAL = re.compile(
    r"^\s*[-_=*]{2,}\s*(?:"
    + _any(
        *("Original Message", "Original-Nachricht", "Originalnachricht", "Ursprüngliche Nachricht"),
        *("Message d['’]origine", "Message original", "Mensaje original", "Mensagem original"),
        *("Messaggio originale", "Oorspronkelijk bericht", "Origineel bericht"),
        *("Wiadomość oryginalna", "Oryginalna wiadomość", "Исходное сообщение"),
        *("Оригинальное сообщение", "Original Appointment", "Ursprünglicher Termin"),
        *("元のメッセージ", "オリジナルメッセージ", "原始邮件", "邮件原件", "原始郵件", "Original"),
        *(
            "回复的原邮件",
            "回复的邮件",
            "Reply message",
            "Antwort Nachricht",
            "Oprindelig meddelelse",
            "Oprindelig besked",
        ),
    )
    + r")\s*[-_=*]{0,40}\s*$",
    re.IGNORECASE,
)
_DASHED = re.compile(r"^\s*-{2,}\s.{5,250}\s-{2,}\s*$")
_FORWARD = re.compile(
    r"^[\s>]*(?:[-_=*]{2,}\s*(?:"
    + _any(
        *("Forwarded message", "Forwarded by", "Weitergeleitete Nachricht", "Message transféré"),
        *("Mensaje reenviado", "Mensagem encaminhada", "Mensagem reencaminhada"),
        *("Messaggio inoltrato", "Messaggio Inoltrato", "Doorgestuurd bericht"),
        *("Przekazana wiadomość", "Treść przekazanej wiadomości", "Wiadomość przekazana dalej"),
        *("Пересылаемое сообщение", "Пересланное сообщение", "Перенаправленное сообщение"),
        *(
            "転送メッセージ",
            "転送されたメッセージ",
            "转发的邮件",
            "转发邮件信息",
            "轉寄郵件",
            "已转发邮件",
        ),
        *("Forwarded Message", "Weitergeleitete Mail"),
    )
    + r")|(?:"
    + _any(
        *("Begin forwarded message", "Anfang der weitergeleiteten (?:Nachricht|E-Mail)"),
        *("Début du message (?:réexpédié|transféré)", "Inicio del mensaje reenviado"),
        *("Início da mensagem (?:reencaminhada|encaminhada)", "Inizio messaggio inoltrato"),
        *("Begin doorgestuurd bericht", "Początek przekazywanej wiadomości"),
        *(
            "Начало переадресованного (?:сообщения|письма)",
            "転送されたメッセージ",
            "以下是转发的邮件",
        ),
        "下面是被转发的邮件",
    )
    + r")\s*[:：])",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(
    r"^\s*(?:Fwd?|FW|WG|TR|RV|ENC|Enc|I|Doorst|PD|转发|轉寄|転送|VS|Vb)\s*[:：]", re.IGNORECASE
)


def is_original_marker(line: str) -> bool:
    """Return whether a line is one such as `-----Original Message-----`."""
    start = line[:MAX_LINE]
    if _ORIGINAL.match(start):
        return True
    return bool(_DASHED.match(start) and _WROTE.search(start) and _DATE.search(start))


def is_forward_marker(line: str) -> bool:
    """Return whether a line says that a forwarded message follows."""
    return _FORWARD.match(line[:MAX_LINE]) is not None


_REPLY_SUBJECT = re.compile(
    r"^\s*(?:Re|AW|Antw|Antwort|Odp|R|RIF|RES|SV|Vá|Ответ|Отв|НА|回复|回覆|答复|返信)"
    r"(?:\s*\[\d+\])?\s*[:：]|\[[A-Z]{1,5}-\d{1,12}\]",
    re.IGNORECASE,
)


def is_reply_subject(subject: str) -> bool:
    """Return whether a subject begins with a prefix such as `Re:` or names a ticket."""
    return _REPLY_SUBJECT.search(subject) is not None


def is_forward_subject(subject: str) -> bool:
    """Return whether a subject begins with a prefix such as `Fwd:`."""
    return _FORWARD_SUBJECT.match(subject) is not None


MAX_SENT_FROM_LENGTH = 120
MAX_SENT_FROM_WORDS = 10
"""Above these a line such as `Sent from my desk it is easier ...` is words like any others."""
_SENT_FROM = re.compile(
    r"^\s*(?:"
    + _any(
        *(r"Sent from (?:my|Mail|Outlook|Yahoo|Proton|Samsung|Gmail|Windows|iPhone|iPad)\b.*",),
        *(r"Sent from \S+|Sent (?:with|via) (?:Proton|Outlook|Mailspring|Spark|BlueMail|my)\b.*",),
        *(
            r"Get (?:the )?(?:Outlook|BlueMail|TypeApp)\b.*",
            r"Yahoo Mail: Search, Organize, Conquer.*",
        ),
        *(
            r"Gesendet (?:von|mit|via|aus)\b.*",
            r"Von meinem .{2,60} gesendet.*",
            r"Diese Nachricht wurde von meinem .*",
        ),
        *(
            r"(?:Holen|Laden) Sie (?:sich )?Outlook.*",
            r"Outlook für .{2,20} (?:beziehen|herunterladen|abrufen).*",
        ),
        *(
            r"Provenance\s?: Courrier pour Windows.*",
            r"Envoyé (?:de|depuis|à partir de|avec)\b.*",
            r"(?:Télécharger|Télécharge[rz]|Obtene[rz]|Obtenir) Outlook.*",
        ),
        *(
            r"Enviado (?:desde|do|a partir do|pelo|con|com|de)\b.*",
            r"(?:Obtener|Obtenga|Obter|Obtenha)(?: o)? Outlook.*",
        ),
        *(r"Inviato (?:da|dal|con)\b.*", r"(?:Scarica|Ottieni) Outlook.*"),
        *(
            r"(?:Verzonden|Verstuurd) (?:vanaf|met|via|vanuit)\b.*",
            r"(?:Download|Haal) Outlook.*",
            r"Outlook voor .{2,20} (?:downloaden|ophalen).*",
        ),
        *(r"Wysłan[eoy] (?:z|ze|przez|za pomocą)\b.*", r"(?:Pobierz|Uzyskaj) .{0,20}Outlook.*"),
        *(r"Отправлено (?:с|со|из|от)\b.*", r"(?:Скачать|Получить|Скачайте) Outlook.*"),
        *(
            r"[^。]{0,60}から送信(?:されました)?。?",
            r".{0,30}Outlook.{0,20}(?:を入手|を取得).*",
        ),
        *(
            r"(?:发自|發自|来自|從|从)(?:我的)?.{1,30}(?:iPhone|iPad|手机|手機|Outlook|邮箱|邮件|发送|傳送).*",
            r"(?:发自|發自)我的.{1,20}",
            r"(?:发送自|傳送自|來自|来自)\s?(?:Outlook|iPhone|iPad|Android).{0,40}",
            r"(?:获取|下載|取得) ?.{0,10}Outlook.*",
        ),
    )
    + r")\s*$",
    re.IGNORECASE,
)


def is_sent_from(line: str) -> bool:
    """Return whether a line is one such as `Sent from my iPhone`."""
    text = line.strip()
    if len(text) > MAX_SENT_FROM_LENGTH or len(text.split()) > MAX_SENT_FROM_WORDS:
        return False
    return _SENT_FROM.match(text) is not None


VALEDICTIONS = (
    *("Best regards", "Kind regards", "Regards", "Best", "Cheers", "Sincerely", "Yours sincerely"),
    *("Many thanks", "Thanks", "Thank you", "Warm regards", "All the best", "Best wishes"),
    *("Mit freundlichen Grüßen", "Mit freundlichem Gruß", "Freundliche Grüße", "Viele Grüße"),
    *("Beste Grüße", "Liebe Grüße", "Herzliche Grüße", "Schöne Grüße", "Gruß", "Grüße", "MfG"),
    *("Mit freundlichen Gruessen", "Viele Gruesse", "Mit besten Grüßen", "Danke"),
    *("Cordialement", "Bien cordialement", "Salutations", "Bien à vous", "Merci", "Sincèrement"),
    *("Saludos", "Un saludo", "Saludos cordiales", "Atentamente", "Cordialmente", "Gracias"),
    *("Atenciosamente", "Cumprimentos", "Com os melhores cumprimentos", "Att", "Obrigado"),
    *("Obrigada", "Abraços", "Cordiali saluti", "Distinti saluti", "Saluti", "Grazie"),
    *("Un cordiale saluto", "Met vriendelijke groet", "Met vriendelijke groeten", "Groeten"),
    *("Hartelijke groet", "Mvg", "Groet", "Bedankt", "Z poważaniem", "Pozdrawiam", "Pozdrowienia"),
    *("Z wyrazami szacunku", "Dziękuję", "С уважением", "Спасибо", "Всего доброго", "Привет"),
    *("よろしくお願いいたします", "よろしくお願いします", "宜しくお願い致します", "以上", "敬具"),
    *("此致", "敬礼", "谢谢", "祝好", "顺颂商祺", "謝謝", "敬上"),
)
_VALEDICTION = re.compile(
    rf"^\s*(?:{'|'.join(re.escape(text) for text in VALEDICTIONS)})[\s,.!;。，！]*$", re.IGNORECASE
)
_CONTACT = re.compile(
    _any(
        r"(?:\+|\b00)\d[\d \-./()]{6,}",
        r"\(?\b0\d{1,5}\)?[ \-/]?\d[\d \-./]{4,}",
        r"\b(?:Tel|Telefon|Fon|Fax|Mobil|Mobile|Phone|Cell|Tél|Móvil|Cellulare)\b\.?\s*[:.+]",
        r"\b(?:Тел|Моб|Komórka)\b\.?\s*[:.+]",
        r"\b(?:GmbH|AG|KG|Ltd|LLC|Inc|SARL|S\.r\.l|S\.p\.A|B\.V|Sp\. z o\.o|ООО|ОАО)\b",
        r"株式会社|有限会社|有限公司|電話|电话|手机|TEL\b|〒",
        r"\bwww\.[\w-]+\.",
        r"^\s*https?://\S+\s*$",
        r"^\s*(?:E-?mail|Mail|Web)\b\s*[:.]",
    ),
    re.IGNORECASE,
)


def is_valediction(line: str) -> bool:
    """Return whether a line is nothing but the end of a letter, such as `Best regards,`."""
    return len(line) <= 60 and _VALEDICTION.match(line) is not None


def has_contact(line: str) -> bool:
    """Return whether a line names a telephone number, a company or a web site, as signatures do."""
    return _CONTACT.search(line[:MAX_LINE]) is not None
