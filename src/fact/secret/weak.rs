//! Passwords that everybody tries first: defaults of products, keyboard runs, the word itself.

use super::words::WordSet;

/// Words of which weak passwords are made, alone or joined.
static WORDS: WordSet = WordSet::new(
    "first second third password passwort passwd passw pass pwd pw secret admin administrator root user test testing tester guest \
     default demo super superuser my the db database dba postgres postgresql pg mysql mariadb mongo mongodb redis \
     rabbit rabbitmq wordpress some wp elastic elasticsearch kibana grafana keycloak neo4j minio nextcloud gitea \
     jenkins sonar sonarqube nexus tomcat oracle system manager welcome hello world letmein qwerty qwertz asdf zxcv \
     changeit master login toor tiger scott vagrant ubuntu pi raspberry cisco ansible docker kube kubernetes k8s \
     dev develop developer local prod staging app web api key token service server client iloveyou dragon monkey \
     sunshine princess football airflow superset directus strapi drupal joomla magento odoo zabbix nagios influx \
     influxdb telegraf clickhouse cassandra couchdb couchbase kafka zookeeper vault consul nomad traefik portainer \
     pihole postfix ldap sa su example guacamole matomo ghost moodle metabase hasura supabase temporal prefect n8n \
     abc foo bar baz very strong weak simple easy safe secure here good bad insecure unsafe rails django laravel \
     symfony flask node express spring pgadmin phpmyadmin mailhog smtp imap ftp ssh vnc rdp samba smb nfs",
);

/// Whether the password is one that everybody tries: words like `admin`, `changeit` or
/// `P@ssw0rd123`, runs like `123456`, or the name of its own user.
pub(super) fn is_weak(value: &str, user: Option<&str>) -> bool {
    if value.len() > 40 {
        return false;
    }
    let lower = value.to_lowercase();
    if user.is_some_and(|u| u.len() > 1 && u.eq_ignore_ascii_case(value)) {
        return true;
    }
    if is_run(&lower) {
        return true;
    }
    let bare = lower.trim_end_matches(|c: char| c.is_ascii_digit() || "!?.#*@$&-_+".contains(c));
    let bare = bare.trim_start_matches(|c: char| c.is_ascii_digit() || "!?.#*&-_+".contains(c));
    let plain: String = bare.chars().filter(|c| !"-_. ".contains(*c)).collect();
    let tail = &lower[bare.len().min(lower.len())..];
    // A long tail of digits is more than a habit.
    if plain.len() < 2 || tail.bytes().filter(u8::is_ascii_digit).count() > 4 {
        return false;
    }
    is_made_of_words(&plain) || is_made_of_words(&unleet(&plain)) || is_made_of_words(&unleet(&lower))
}

/// Digits or keys in a row, or few characters repeated.
fn is_run(value: &str) -> bool {
    let bytes = value.as_bytes();
    if bytes.len() < 3 || !value.is_ascii() {
        return false;
    }
    let rows =
        ["01234567890123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "1q2w3e4r5t6y", "1qaz2wsx3edc"];
    let mut distinct = bytes.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    rows.iter().any(|row| row.contains(value)) || distinct.len() <= 2 && bytes.len() >= 4
}

/// The value with the digits and marks that stand for letters read as those.
fn unleet(value: &str) -> String {
    value
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            c => c,
        })
        .collect()
}

fn is_made_of_words(value: &str) -> bool {
    let mut reachable = vec![false; value.len() + 1];
    reachable[0] = true;
    for at in 0..value.len() {
        if !reachable[at] {
            continue;
        }
        // Words are whole characters, so a place that one ends at is a border of characters.
        for word in WORDS.beginnings(value.get(at..).unwrap_or("")) {
            reachable[at + word.len()] = true;
        }
    }
    reachable[value.len()]
}

#[cfg(test)]
mod tests {
    use super::is_weak;

    #[test]
    fn defaults_and_habits_are_weak() {
        for value in [
            "admin",
            "root",
            "postgres",
            "changeit",
            "password",
            "secret",
            "P@ssw0rd",
            "Passw0rd!",
            "password123",
            "12345678",
            "qwerty",
            "rootpassword",
            "mysecretpassword",
            "supersecret",
            "admin-password",
            "wordpress",
            "somewordpress",
            "guest",
            "letmein",
            "S3cr3t!",
            "1111",
            "test1234",
            "example",
        ] {
            assert!(is_weak(value, None), "{value}");
        }
        assert!(is_weak("shopdb7", Some("ShopDB7")));
    }

    #[test]
    fn others_are_not() {
        for value in ["hunter2", "Tr0ub4dor&3", "x", "", "winterIsComing", "pa", "kx82mdla", "é", "blue-horse-41"] {
            assert!(!is_weak(value, None), "{value}");
        }
        assert!(!is_weak(&"admin".repeat(100_000), None));
    }
}
