"""Interface texts for editing comments and files, ready for translation."""

from __future__ import annotations

from typing import Final

EDIT_COMMENT: Final = "Edit comment"
DELETE_COMMENT: Final = "Delete comment"
COMMENT_TEXT: Final = "Text of the comment"
COMMENT_EMPTY: Final = "Write a comment, or delete it."
SAVE: Final = "Save"
CANCEL: Final = "Cancel"
DELETE: Final = "Delete"
DELETE_COMMENT_QUESTION: Final = "Delete this comment?"
COMMENT_SAVED: Final = "Comment saved"
COMMENT_DELETED: Final = "Comment deleted"
EDITED: Final = "edited"
SHOW_HISTORY: Final = "Show the history of this comment"
HISTORY: Final = "History of this comment"
HIDE_HISTORY: Final = "Hide history"
NEWER_TEXT: Final = "Newer text"
CONFLICT: Final = "Another person changed this while you were editing. Save to replace it."
DELETE_CONFLICT: Final = "The comment has changed. Read it again before you delete it."
EDIT_FILE: Final = "Rename or describe file"
REMOVE_FILE: Final = "Remove file"
REMOVE_FILE_QUESTION: Final = "Remove this file?"
REMOVE: Final = "Remove"
FILE_NAME: Final = "File name"
FILE_DESCRIPTION: Final = "Description"
FILE_SAVED: Final = "File saved"
FILE_REMOVED: Final = "File removed"


def invalid_field(field: str, reason: str) -> str:
    return f"{field} {reason.removesuffix('.')}."
