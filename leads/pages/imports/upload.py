"""What is sent is read only as far as it may be kept: a file that is too big never fills a disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

#: So much more than what may be kept is read to its end and thrown away, so that the browser listens to the answer;
#: beyond it the connection is cut.
_HEARD_OUT = 4
#: What a form sends around its file.
_AROUND = 64 * 1024


def most_bytes() -> int:
    """The size of the biggest file that is taken."""
    return int(settings.IMPORT_MOST_MEGABYTES) * 1024 * 1024


class Limit(FileUploadHandler):
    """Stops an upload that is bigger than may be kept. ``exceeded`` says whether it did.

    It must come before all other handlers; what it lets through they put away as ever.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.exceeded = False
        self.received = 0
        self.announced = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.announced = content_length

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > most_bytes() or self.announced > most_bytes() + _AROUND:
            self.exceeded = True
            raise StopUpload(connection_reset=self.announced > _HEARD_OUT * most_bytes())
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The file is another handler's."""
        return None
