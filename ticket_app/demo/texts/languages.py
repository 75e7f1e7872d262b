"""Stories in German, French and Thai.

In texts `$site`, `$version`, `$plugin`, `$number`, `$amount`, `$zone`, `$me` (the requester) and
`$agent` are replaced for each ticket.
"""

# ruff: noqa: E501 - each message is one line, as people write it

from __future__ import annotations

from ticket_app.core.platform.vocabulary import Category, Kind, ReproductionRate
from ticket_app.demo.texts.models import Story

LANGUAGES: tuple[Story, ...] = (
    Story(
        Kind.BUG,
        Category.BUG,
        "Tech",
        "Engineering",
        "user_interface",
        ("übersetzung", "ui"),
        (
            "Falsche Umlaute im Bericht für $site",
            "Größe der Schaltflächen im Wochenplan",
            "Absturz beim Öffnen der Zonenübersicht",
        ),
        "Guten Tag,\n\nim Bericht steht statt „Größe“ nur „GrÃ¶ÃŸe“. Auf dem Bildschirm ist es richtig, nur "
        "in der CSV-Datei nicht. Wir öffnen sie mit Excel.\n\nViele Grüße aus Lübeck\n$me",
        """
@agent
Guten Tag $me, danke für die Meldung. Excel liest die Datei in der falschen Kodierung. Können Sie es
einmal mit *Daten > Aus Text/CSV* und „UTF-8“ versuchen?
@user
So geht es, ist aber umständlich für die Kolleginnen an der Kasse.
@note
Write a BOM into the CSV when the browser's language is one where Excel guesses wrong.
@agent
Verstanden. Ab der nächsten Version schreiben wir ein Zeichen an den Anfang, an dem Excel UTF-8 erkennt.
@user
Klappt jetzt mit Doppelklick. Herzlichen Dank!
""",
        "csv",
        reproduction_rate=ReproductionRate.ALWAYS,
        steps_to_reproduce="1. Bericht öffnen\n2. Als CSV speichern",
        expected_behavior="Größe",
        actual_behavior="GrÃ¶ÃŸe",
    ),
    Story(
        Kind.SUPPORT,
        Category.SUPPORT,
        "Music",
        "Customer Support",
        "other",
        ("musique", "how-to"),
        (
            "Musique trop forte à $site",
            "Comment changer l'heure d'ouverture ?",
            "Liste de lecture pour la fête de la musique",
        ),
        "Bonjour,\n\nà $site la musique est trop forte le matin, même au volume 2. Les clients s'en plaignent. "
        "Où règle-t-on le volume *par heure* ?\n\nMerci d'avance,\n$me",
        """
@agent
Bonjour $me, dans **Zones > Volume**, cliquez sur l'horloge : vous pouvez donner un volume à chaque heure.
Je l'ai déjà baissé de 6 dB jusqu'à dix heures.
@user
C'est parfait, on s'entend de nouveau parler. Merci beaucoup !
@agent
Avec plaisir. Belle journée à toute l'équipe de $site.
""",
    ),
    Story(
        Kind.SUPPORT,
        Category.PRODUCT,
        "Music",
        "Customer Support",
        "other",
        ("เพลง", "playlist"),
        (
            "ขอเพลย์ลิสต์สำหรับช่วงเย็นที่ $site",
            "เสียงเพลงขาดหายเป็นช่วง ๆ ที่ $site",
            "ขอเปลี่ยนเวลาเปิดเพลง",
        ),
        "สวัสดีครับ\n\nลูกค้าที่ $site อยากได้เพลงแจ๊สเบา ๆ ในช่วงเย็น ตั้งแต่ 18:00 ถึง 22:00 "
        "รบกวนช่วยจัดให้หน่อยครับ\n\nขอบคุณครับ",
        """
@agent
สวัสดีค่ะ จัดเพลย์ลิสต์ *Evening Jazz* ให้แล้วค่ะ เริ่มวันนี้เวลา 18:00 น.
@user
ขอบคุณมากครับ ลูกค้าชอบมาก
@agent
ยินดีค่ะ
""",
    ),
)
