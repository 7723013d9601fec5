"""The line between one phone and the system, to be cut: unlike a browser's own "offline" it also holds for service workers."""

import asyncio
from contextlib import suppress

_CHUNK = 64 * 1024


class Line:
    """Forwards what comes to its port. Open it in the loop that uses it."""

    def __init__(self, host: str, port: int) -> None:
        self._far_end = (host, port)
        self._is_cut = False
        self._loses_answers = False
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.address = ""
        """Where a browser finds the system, `127.0.0.1:40123`."""

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._on_caller, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Nothing gets through any more, and what was under way is lost."""
        self._is_cut = True
        for end in list(self._ends):
            end.transport.abort()

    def lose_answers(self) -> None:
        """What is asked arrives; what is answered does not, and the line breaks instead."""
        self._loses_answers = True

    def mend(self) -> None:
        self._is_cut = self._loses_answers = False

    async def close(self) -> None:
        self.cut()
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def _on_caller(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        self._ends.add(writer)
        far: asyncio.StreamWriter | None = None
        try:
            from_far, far = await asyncio.open_connection(*self._far_end)
            self._ends.add(far)
            await asyncio.gather(_carry(reader, far), self._carry_answers(from_far, writer))
        except OSError:
            pass  # whoever called sees that it is broken
        finally:
            for end in (writer, far):
                if end is not None:
                    self._ends.discard(end)
                    end.transport.abort()

    async def _carry_answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while (chunk := await reader.read(_CHUNK)) and not self._loses_answers:
                writer.write(chunk)
                await writer.drain()
        writer.transport.abort()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until one end is done; then the other is told."""
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    with suppress(OSError, RuntimeError):
        writer.write_eof()
