//! Character counts to byte offsets, cheap as long as questions come close to each other.

/// Remembers the last answer and walks from there.
pub(super) struct Cursor<'s> {
    text: &'s str,
    ascii: bool,
    chars: usize,
    bytes: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        Self { text, ascii: text.is_ascii(), chars: 0, bytes: 0 }
    }

    /// The byte at which the character number `chars` begins; the text's end behind the last one.
    pub(super) fn byte(&mut self, chars: usize) -> usize {
        if self.ascii {
            return chars.min(self.text.len());
        }
        let bytes = self.text.as_bytes();
        while self.chars < chars && self.bytes < bytes.len() {
            self.bytes += 1;
            while self.bytes < bytes.len() && is_continuation(bytes[self.bytes]) {
                self.bytes += 1;
            }
            self.chars += 1;
        }
        while self.chars > chars {
            self.bytes -= 1;
            while self.bytes > 0 && is_continuation(bytes[self.bytes]) {
                self.bytes -= 1;
            }
            self.chars -= 1;
        }
        self.bytes
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_both_ways() {
        let mut cursor = Cursor::new("aé日z");
        assert_eq!([0, 1, 2, 3, 4, 9].map(|n| cursor.byte(n)), [0, 1, 3, 6, 7, 7]);
        assert_eq!([2, 3, 0, 4, 1].map(|n| cursor.byte(n)), [3, 6, 0, 7, 1]);
        assert_eq!(Cursor::new("abc").byte(7), 3);
    }
}
