//! Files that are made of accounts, a line each: `.pgpass`, PgBouncer's `userlist.txt`.

use super::{Form, Found};
use crate::fact::secret::KeyKind;
use std::ops::Range;

pub(super) fn read(text: &str, path: &str, out: &mut Vec<Found>) {
    let reader: fn(&str) -> Option<Range<usize>> = match path.rsplit('/').next().unwrap_or(path) {
        ".pgpass" | "pgpass" | "pgpass.conf" => pgpass,
        "userlist.txt" => userlist,
        _ => return,
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if !bare.starts_with(['#', ';'])
            && let Some(value) = reader(bare)
        {
            out.push(Found::new("password", at + value.start..at + value.end, Form::Pair, KeyKind::Password));
        }
        at += line.len();
    }
}

/// `host:port:database:user:password`.
fn pgpass(line: &str) -> Option<Range<usize>> {
    let (colon, _) = line.match_indices(':').nth(3)?;
    Some(colon + 1..line.len())
}

/// `"user" "password"`, if that is no hash.
fn userlist(line: &str) -> Option<Range<usize>> {
    let (user, rest) = line.strip_prefix('"')?.split_once('"')?;
    let value = rest.trim_start().strip_prefix('"')?.strip_suffix('"')?;
    let md5 = value.strip_prefix("md5").is_some_and(|h| h.len() == 32 && h.bytes().all(|b| b.is_ascii_hexdigit()));
    let hashed = md5 || value.starts_with("SCRAM-");
    (!user.is_empty() && !hashed).then(|| line.len() - 1 - value.len()..line.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_by_their_files_form() {
        let line = "db:5432:shop:me:x1";
        assert_eq!(pgpass(line).map(|r| &line[r]), Some("x1"));
        let line = "\"me\" \"x1\"";
        assert_eq!(userlist(line).map(|r| &line[r]), Some("x1"));
        assert_eq!(userlist("\"me\" \"SCRAM-SHA-256$4096:x\""), None);
        assert_eq!(userlist("md5"), None);
    }
}
