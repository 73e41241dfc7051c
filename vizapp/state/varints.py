"""Whole numbers in few bytes: seven bits to a byte, the lowest first; the eighth says that more follow.

Source: Protocol Buffers, "Encoding" (base 128 varints, zigzag).
"""

from __future__ import annotations

LONGEST = 5
"""Bytes of one number: 35 bits are more than anything here needs."""


class CutShort(ValueError):
    """There is less than what was announced, or a number is too large."""


class Writer:
    """Collects bytes: `bytes(writer.data)`."""

    def __init__(self) -> None:
        self.data = bytearray()

    def count(self, value: int) -> None:
        """A number from 0."""
        while value >= 128:
            self.data.append(value & 127 | 128)
            value >>= 7
        self.data.append(value)

    def signed(self, value: int) -> None:
        self.count(2 * value if value >= 0 else -2 * value - 1)

    def raw(self, data: bytes) -> None:
        """Bytes, after their number."""
        self.count(len(data))
        self.data += data


class Reader:
    """Takes bytes apart. Everything raises CutShort where there is too little."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes have not been read."""
        return len(self._data) - self._at

    def count(self) -> int:
        value = 0
        for place in range(LONGEST):
            if self._at >= len(self._data):
                raise CutShort("the data are cut short")
            byte = self._data[self._at]
            self._at += 1
            value |= (byte & 127) << 7 * place
            if byte < 128:
                return value
        raise CutShort("a number is too large")

    def signed(self) -> int:
        value = self.count()
        return -(value + 1 >> 1) if value & 1 else value >> 1

    def raw(self) -> bytes:
        return self.take(self.count())

    def take(self, length: int) -> bytes:
        if length > self.left:
            raise CutShort("the data are cut short")
        self._at += length
        return self._data[self._at - length : self._at]
