// infralint: ignore-file[secrets] what is to be found is made up
use super::*;
use crate::fact::secret::generate::expand;

fn seen(path: &str, kind: Kind, text: &str) -> Vec<String> {
    let text = expand(text);
    let facts = read(&text, path, kind).into_iter();
    let shown = facts.filter(|(a, _)| matches!(a.verdict.as_str(), "random" | "human" | "weak"));
    shown.map(|(a, s)| format!("{} {} {}={}", a.form, a.verdict, a.key, s.slice(&text))).collect()
}

#[test]
fn pairs_in_every_syntax() {
    let yes = [
        ("a.yaml", Kind::YamlOther, "db:\n  password: hunter2 # x", "pair human password=hunter2"),
        ("a.yaml", Kind::YamlOther, "password: \"hunter2\"", "pair human password=hunter2"),
        ("a.yaml", Kind::YamlOther, "{user: bob, password: hunter2, x: y}", "pair human password=hunter2"),
        ("a.yaml", Kind::YamlOther, "password: |\n  hunter2\nnext: x", "pair human password=hunter2"),
        ("a.yaml", Kind::Compose, "- MYSQL_ROOT_PASSWORD=hunter2", "pair human MYSQL_ROOT_PASSWORD=hunter2"),
        ("a.yaml", Kind::Compose, "- \"MYSQL_ROOT_PASSWORD=hunter2\"", "pair human MYSQL_ROOT_PASSWORD=hunter2"),
        ("a.yaml", Kind::Kubernetes, "- name: DB_PASSWORD\n  value: hunter2", "name-value human DB_PASSWORD=hunter2"),
        (
            "a.json",
            Kind::Json,
            r#"{"name": "DB_PASSWORD", "value": "hunter2"}"#,
            "name-value human DB_PASSWORD=hunter2",
        ),
        ("a.json", Kind::Json, r#"{"password":"hunter2"}"#, "pair human password=hunter2"),
        ("a.json", Kind::Json, r#"{"x":"{\"password\":\"hunter2\"}"}"#, "pair human password=hunter2"),
        ("a.env", Kind::Dotenv, "export DB_PASSWORD=hunter2 # c", "pair human DB_PASSWORD=hunter2"),
        ("a.ini", Kind::Ini, "password = hunter2", "pair human password=hunter2"),
        (
            "a.properties",
            Kind::Properties,
            "spring.datasource.password=hunter2",
            "pair human spring.datasource.password=hunter2",
        ),
        (
            "a.tf",
            Kind::Terraform,
            "administrator_login_password = \"hunter2\"",
            "pair human administrator_login_password=hunter2",
        ),
        ("Dockerfile", Kind::Dockerfile, "ENV DB_PASSWORD hunter2", "pair human DB_PASSWORD=hunter2"),
        (
            "Dockerfile",
            Kind::Dockerfile,
            "ARG TOKEN=x\nENV A=b DB_PASSWORD=hunter2 C=d",
            "pair human DB_PASSWORD=hunter2",
        ),
        ("a.py", Kind::Text, "password: str = 'hunter2'", "pair human password=hunter2"),
        ("a.go", Kind::Text, "dbPassword := \"hunter2\"", "pair human dbPassword=hunter2"),
        ("a.xml", Kind::Xml, "<password>hunter2</password>", "pair human password=hunter2"),
        (
            "a.xml",
            Kind::Xml,
            "<add key=\"ClearTextPassword\" value=\"hunter2\" />",
            "name-value human ClearTextPassword=hunter2",
        ),
        ("a.sh", Kind::Shell, "PGPASSWORD=hunter2 psql", "pair human PGPASSWORD=hunter2"),
        ("a.sh", Kind::Shell, "app --db-password hunter2 --x", "flag human db-password=hunter2"),
        ("a.sh", Kind::Shell, "app --password=hunter2", "flag human password=hunter2"),
        ("a.yaml", Kind::Kubernetes, "command: [\"app\", \"--password\", \"hunter2\"]", "flag human password=hunter2"),
        ("a.yaml", Kind::Kubernetes, "args:\n- --password\n- hunter2", "flag human password=hunter2"),
        ("a.conf", Kind::Text, "requirepass hunter2", "pair human requirepass=hunter2"),
        ("a.md", Kind::Markdown, "# x\n- **Password:** hunter2\n", "pair human Password=hunter2"),
        ("a.md", Kind::Markdown, "| Password | `hunter2` |\n", "table human Password=hunter2"),
        ("a.md", Kind::Markdown, "| admin password | hunter2 |\n", "table human password=hunter2"),
        (
            "a.json",
            Kind::Json,
            r#"{"connectionString": "Server=db;Password=hunter2;X=y"}"#,
            "pair human Password=hunter2",
        ),
        ("a.md", Kind::Markdown, "the password is `hunter2`.", "table human password=hunter2"),
        ("a.md", Kind::Markdown, "```yaml\npassword: hunter2\n```\n", "pair human password=hunter2"),
        ("a.yaml", Kind::YamlOther, "x: https://h/p?password=hunter2&y=z", "pair human password=hunter2"),
        ("a.json", Kind::Json, r#"{"c": "Server=db;Password=hunter2;X=y"}"#, "pair human Password=hunter2"),
    ];
    for (path, kind, text, wanted) in yes {
        assert_eq!(seen(path, kind, text), [wanted], "{path}: {text}");
    }
    assert_eq!(
        seen("a.yaml", Kind::YamlOther, "api_keys:\n  - @@random-hex-32@@\n  - @@random-hex-32.2@@\nx: y").len(),
        2
    );
    assert_eq!(seen("a.json", Kind::Json, r#"{"tokens": ["@@random-hex-32@@", "@@random-hex-32.2@@"]}"#).len(), 2);
}

#[test]
fn what_names_no_secret_stays_silent() {
    let no = [
        ("a.yaml", Kind::YamlOther, "password:\n  secretKeyRef: {name: db, key: password}"),
        ("a.yaml", Kind::YamlOther, "password: ${DB_PASSWORD}\ntoken: '{{ x }}'"),
        ("a.yaml", Kind::YamlOther, "password_file: /run/secrets/x\nsecretName: tls-7f3"),
        ("a.yaml", Kind::Kubernetes, "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db"),
        ("a.py", Kind::Text, "password = get_password()\nif password == 'hunter2x': pass\npassword: str"),
        ("a.json", Kind::Json, r#"{"password": "Passwort", "token": {"type": "string"}}"#),
        ("a.md", Kind::Markdown, "The password: it must be long. Set a password: see below."),
        ("a.md", Kind::Markdown, "| password | string | yes | The password |\n|---|---|---|\n"),
        ("a.sh", Kind::Shell, "app --password-stdin < x\napp --token \"$TOKEN\"\nread -s PASSWORD"),
        ("a.sh", Kind::Shell, "docker run -p 8080:80 mysql\nmysql -u root -p\ncurl -u \"$U:$P\" x"),
        (
            "a.yaml",
            Kind::YamlOther,
            "checksum/secret: @@random-hex-64@@\nencryptedData:\n  password: AgB@@random-alnum-200@@",
        ),
        ("a.txt", Kind::Text, "token: a token is a thing"),
        ("a.yaml", Kind::Workflow, "run: |\n  echo \"PASS: Terraform Plan\" >>x\n  x='NOPASSWD: ALL'"),
        ("a.md", Kind::Markdown, "```\nPassword: from secret manager\n```\n"),
        ("Dockerfile", Kind::Dockerfile, "ENV GPG_KEY=@@random-hex-40@@\nARG TOKEN"),
        ("a.md", Kind::Markdown, "![c](https://c.io/gh/a/b/branch/main/graph/badge.svg?token=@@random-alnum-10@@)"),
        ("a.md", Kind::Markdown, "![c](https://img.shields.io/codecov/c/github/a/b?token=@@random-alnum-10@@)"),
        ("a.md", Kind::Markdown, "<img src=\"https://c.io/b.svg?style=flat&token=@@random-alnum-32@@\">"),
    ];
    for (path, kind, text) in no {
        assert_eq!(seen(path, kind, text), [""; 0], "{path}: {text}");
    }
    let page = "[c](https://c.io/a/b.html?token=@@random-alnum-32@@) ![b](https://c.io/badge.svg?style=flat)";
    assert_eq!(seen("a.md", Kind::Markdown, page).len(), 1);
}

#[test]
fn known_defaults_belong_into_samples() {
    for path in [".env.example", "fixtures/app.env", "config.sample.yaml", "a/testdata/x.ini"] {
        assert_eq!(seen(path, Kind::Dotenv, "DB_PASSWORD=postgres"), [""; 0], "{path}");
        assert_eq!(seen(path, Kind::Dotenv, "DB_PASSWORD=hunter2").len(), 1, "{path}");
    }
    assert_eq!(seen("examples/.env", Kind::Dotenv, "DB_PASSWORD=postgres").len(), 1);
}

#[test]
fn passwords_without_an_operator() {
    let yes = [
        ("a.sql", "CREATE USER x WITH PASSWORD 'hunter22';", "PASSWORD=hunter22"),
        ("a.sql", "CREATE USER x IDENTIFIED BY 'hunter22';", "IDENTIFIED BY=hunter22"),
        ("a.sql", "ALTER USER x IDENTIFIED WITH y BY 'hunter22';", "IDENTIFIED WITH=hunter22"),
        ("a.java", "ds.setPassword(\"hunter22\");", "setPassword=hunter22"),
        ("a.php", "define('DB_PASSWORD', 'hunter22');", "DB_PASSWORD=hunter22"),
        ("a.sh", "echo hunter22 | docker login -u x --password-stdin r", "password-stdin=hunter22"),
        (".pgpass", "db:5432:shop:shop:hunter22", "password=hunter22"),
        ("a.yaml", "password:\n  value: hunter22", "password=hunter22"),
        ("a.sql", "INSERT INTO users (name, password) VALUES ('a', 'hunter22');", "password=hunter22"),
        ("a.yaml", "password: ${DB_PASSWORD:hunter22}", "password=hunter22"),
        ("a.sh", "DB_PASSWORD=${DB_PASSWORD:-hunter22}", "DB_PASSWORD=hunter22"),
        ("a.java", "DriverManager.getConnection(url, \"root\", \"hunter22\");", "getConnection=hunter22"),
        ("haproxy.cfg", "  stats auth admin:hunter22", "stats auth=hunter22"),
        ("haproxy.cfg", "  user a insecure-password hunter22", "insecure-password=hunter22"),
        ("pgbouncer/userlist.txt", "\"shop\" \"hunter22\"", "password=hunter22"),
        (".netrc", "machine x\n  login y\n  password hunter22", "password=hunter22"),
        ("a.json", "{\"Redis\": \"cache:6380,password=hunter22,ssl=True\"}", "password=hunter22"),
        ("a.tf", "variable \"db_password\" {\n  default = \"hunter22\"\n}", "db_password=hunter22"),
        ("a.conf", "cloud_auth => \"elastic:hunter22\"", "cloud_auth=hunter22"),
        ("a.py", "setup(cmd=\"app --password hunter22\")", "password=hunter22"),
        ("a.md", "| User | Password |\n|---|---|\n| ann | hunter22 |", "Password=hunter22"),
        ("a.md", "Log in with password `hunter22`.", "password=hunter22"),
        ("a.md", "User: ann\nPassword: hunterhunted", "Password=hunterhunted"),
    ];
    for (path, text, wanted) in yes {
        let kind = match path {
            "a.yaml" => Kind::YamlOther,
            "a.md" => Kind::Markdown,
            "a.sh" => Kind::Shell,
            _ => Kind::Text,
        };
        let found = seen(path, kind, text);
        assert!(found.len() == 1 && found[0].ends_with(wanted), "{path}: {text}: {found:?}");
    }
    let no = [
        ("a.java", "form.field(\"password\", \"username\");"),
        ("a.md", "| Password | string |\n|---|---|\n| yes | the words |"),
        ("a.md", "or pass `--force-with2` to it"),
        ("a.sh", "echo \"$TOKEN\" | docker login --password-stdin"),
        ("a.yaml", "token:\n  value:\n    from: x"),
    ];
    for (path, text) in no {
        let kind = if path == "a.md" { Kind::Markdown } else { Kind::YamlOther };
        assert_eq!(seen(path, kind, text), [""; 0], "{path}: {text}");
    }
}

#[test]
fn urls_headers_and_commands() {
    let yes = [
        ("postgres://app:hunter2@db.example.com/x", "url human =hunter2"),
        ("redis://:hunter2@cache:6379", "url human =hunter2"),
        ("postgres://postgres:postgres@localhost", "url weak =postgres"),
        ("amqp://app:p%40ss9word@mq", "url human =p%40ss9word"),
        ("app:hunter2@tcp(db:3306)/x", "url human =hunter2"),
        ("mysql -u root -phunter2 db", "command human mysql -p=hunter2"),
        ("sshpass -p 'hunter2' ssh x", "command human sshpass -p=hunter2"),
        ("curl -u bob:hunter2 https://x", "command human curl -u=hunter2"),
        ("docker login -u bob -p hunter2 r", "command human docker -p=hunter2"),
        ("echo 'root:hunter2' | chpasswd", "command human chpasswd=hunter2"),
        ("htpasswd -bc f admin hunter2", "command human htpasswd -b=hunter2"),
        ("redis-cli -a hunter2 ping", "command human redis-cli -a=hunter2"),
    ];
    for (text, wanted) in yes {
        assert_eq!(seen("a.sh", Kind::Shell, text), [wanted], "{text}");
    }
    assert_eq!(seen("a.sh", Kind::Shell, "curl -H 'Authorization: Bearer @@random-alnum-32@@' x").len(), 1);
    assert_eq!(seen("a.sh", Kind::Shell, "curl -H 'Authorization: Basic @@basic-auth@@' x").len(), 1);
    assert_eq!(seen("a.json", Kind::Json, "{\"auths\": {\"r.io\": {\"auth\": \"@@basic-auth@@\"}}}").len(), 1);
    let no = [
        "https://user:pass@example.com",
        "redis://${USER}:${PASS}@host",
        "http://host:8080/x@1",
        "https://github.com/a/b@v1",
        "git@github.com:a/b",
        "http://[::1]:80/",
        "https://user@host/x",
        "postgres://<user>:<password>@host",
        "https://h/a:b@c",
        "Authorization: Bearer token",
        "Authorization: Bearer $TOKEN",
        "a bearer of good news",
        "https://x:***@y",
    ];
    for text in no {
        assert_eq!(seen("a.sh", Kind::Shell, text), [""; 0], "{text}");
    }
}

#[test]
fn values_of_secret_manifests_are_judged_after_decoding() {
    let head = "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n";
    let seen = |body: &str| seen("a.yaml", Kind::Kubernetes, &format!("{head}{body}"));
    assert_eq!(seen("data:\n  password: @@encoded-password@@\n").len(), 1);
    assert_eq!(seen("data:\n  password: YWRtaW4=\n"), ["kubernetes-secret weak password=YWRtaW4="]);
    assert_eq!(
        seen("stringData:\n  password: \"hunter2\"\n  username: bob1234\n"),
        ["kubernetes-secret human password=hunter2"]
    );
    assert_eq!(seen("data:\n  password: \"\"\n  x: ${X}\n  y: Y2hhbmdlbWU=\n").len(), 0);
    assert_eq!(seen("stringData:\n  p: hunter2\nsops: {x: y}\n").len(), 0);
}

#[test]
fn copies_and_unknown_files_are_read_as_what_they_are() {
    let yaml =
        ["config.yaml.example", "compose.yml.bak", "database.yml.erb", "a.sls", "secrets.yaml.dec", "values.yaml~"];
    for path in yaml {
        assert_eq!(seen(path, Kind::Text, "db:\n  db_password: hunter2\n").len(), 1, "{path}");
    }
    for path in ["app.env.sample", "env.production", "settings.local", "config.ini.dist", "a.rules", "credentials.bak"]
    {
        assert_eq!(seen(path, Kind::Text, "# x\nDB_PASSWORD=hunter2\nHOST = a\n").len(), 1, "{path}");
    }
    let secret = "kind: Secret\ndata:\n  x: aHVudGVyMg==\n";
    assert_eq!(seen("s.yaml.old", Kind::Text, secret), ["kubernetes-secret human x=aHVudGVyMg=="]);
    for (path, text) in [
        ("a.py.bak", "password = read\n"),
        ("a.zig.orig", "const password = read;\n"),
        ("a.unknown", "let password = read;\nx = y(\nz = {\n"),
        ("a.diff", "+  password = read\n"),
    ] {
        assert!(seen(path, Kind::Text, text).is_empty(), "{path}");
    }
}

#[test]
fn scripts_inside_hcl_are_scripts() {
    for text in [
        "user_data = <<-EOT\n  echo \"deploy:hunter2\" | chpasswd\n  EOT\n",
        "user_data = <<EOF\nDB_PASSWORD=hunter2\nEOF\n",
        "user_data = <<EOF\npassword: hunter2\nEOF\n",
        "inline = [\"echo 'ops:hunter2' | chpasswd\"]\n",
        "inline = [\"mysql -u root -phunter2\", \"export A=b\"]\n",
        "inline = [\n  \"export DB_PASSWORD=hunter2\",\n]\n",
    ] {
        let seen = seen("a.tf", Kind::Terraform, text);
        assert_eq!(seen.len(), 1, "{text}: {seen:?}");
        assert!(seen[0].ends_with("=hunter2"), "{text}: {seen:?}");
    }
    assert!(seen("a.tf", Kind::Terraform, "x = <<EOF\nEOF\npassword = random.x\n").is_empty());
}

#[test]
fn a_literal_counts_where_another_value_is_missing() {
    for (path, text) in [
        ("a.ts", "token: process.env.TOKEN ?? '@@random-alnum-32@@',"),
        ("a.js", "const dbPassword = process.env.X || 'hunter2';"),
        ("a.js", "const x = process.env.DB_PASSWORD || 'hunter2';"),
        ("a.php", "$password = getenv('X') ?: 'hunter2';"),
        ("a.php", "define( 'AUTH_KEY',         '@@random-alnum-40@@' );"),
        ("a.py", "add_argument(\"--password\", help=\"x\", default=\"hunter2\")"),
        ("a.py", "requests.get(URL, auth=(\"bob\", \"hunter2\"))"),
        ("a.bicep", "param sqlPassword string = 'hunter2'"),
    ] {
        assert_eq!(seen(path, Kind::Text, text).len(), 1, "{text}");
    }
    for (path, text) in [
        ("a.ts", "if (password || 'x') { token = read() }"),
        ("a.js", "const dbPassword = process.env.X || process.env.Y;"),
        ("a.py", "add_argument(\"--password\", help=\"hunter2\")"),
        ("a.py", "requests.get(URL, auth=(\"user\", \"password\"))"),
        ("a.go", "fmt.Sprintf(\"postgres://%s:%s@%s/shop\", u, p, h)"),
    ] {
        assert!(seen(path, Kind::Text, text).is_empty(), "{text}");
    }
}

#[test]
fn values_of_less_common_forms() {
    for (path, kind, text) in [
        ("a.env", Kind::Dotenv, "PASS=hunter2"),
        ("a.env", Kind::Dotenv, "PW=hunter2"),
        ("a.yaml", Kind::YamlOther, "api_keys: [@@random-alnum-40@@]"),
        ("a.yaml", Kind::YamlOther, "apiKeys:\n  - free\n  - name: p\n    value: @@random-alnum-30@@\n"),
        ("a.yaml", Kind::YamlOther, "- {name: registry-password, default: hunter2}"),
        ("a.yaml", Kind::YamlOther, "password: \"walnut(otter)42\""),
        ("a.md", Kind::Markdown, "https://x.blob.core.windows.net/c?sv=1&sig=@@random-alnum-43@@%3D"),
        ("a.sql", Kind::Text, "SET PASSWORD FOR 'root'@'localhost' = 'hunter2';"),
        ("nginx.conf", Kind::Text, "proxy_set_header X-Api-Key @@random-alnum-32@@;"),
        ("a.json", Kind::Json, "{\"type\": \"password\", \"value\": \"hunter2\"}"),
        ("a.xml", Kind::Xml, "<AdministratorPassword>\n <Value>hunter2</Value>"),
        ("a.xml", Kind::Xml, "<password>\n  hunter2\n</password>"),
        ("a.sh", Kind::Shell, "openssl rsa -passin \"pass:hunter2\" -in k"),
        ("ks.cfg", Kind::Text, "user --name=ops --password=hunter2 --plaintext"),
        ("a.txt", Kind::Text, "root pw = hunter2"),
    ] {
        assert_eq!(seen(path, kind, text).len(), 1, "{text}");
    }
    for (path, kind, text) in [
        ("a.sh", Kind::Shell, "PASS=0\nPASS=$((PASS+1))\nPASS=passed\nPASS='\\033[32mPASS'"),
        ("a.log", Kind::Text, "PASS: TestThing12"),
        ("a.yaml", Kind::YamlOther, "password: get_secret('x')"),
        ("a.properties", Kind::Properties, "spring.password=${PASSWORD:?required}"),
        ("a.properties", Kind::Properties, "password=@DB_PASSWORD@"),
        ("a.json", Kind::Json, "{\"hashed_secret\": \"@@random-hex-40@@\"}"),
        ("a.js", Kind::Text, "encrypted: { password: '@@random-base64-344@@' }"),
        ("a.ps1", Kind::Text, "$password = Read-Host -AsSecureString"),
        ("a.yaml", Kind::Kubernetes, "kind: Secret\nstringData:\n  commit: @@random-hex-40@@\n  client_id: @@uuid@@\n"),
    ] {
        let seen = seen(path, kind, text);
        assert!(seen.is_empty(), "{text}: {seen:?}");
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    let start = std::time::Instant::now();
    for piece in [
        "password=",
        "password: ",
        "://",
        "a://b:",
        "@",
        "\"",
        "bearer ",
        "mysql ",
        "=:",
        "--token ",
        "[",
        "tokens: [",
        "key",
        "{",
        "|password",
        "chpasswd",
        "| password |\n|--|\n",
        "identified by '",
        "secrets:\n  a: b\n",
        "echo x | sudo -s ",
        "INSERT INTO t (password, ",
        "insert into t (password) values ('x'),",
        "getconnection(",
        "variable \"password\" {",
        "password:\n  a:\n",
        "password {\n",
        "x_password ",
        "a,password=",
        "${password:",
        "PASSWORD '",
        "`",
        "é",
        "&sig=",
        "PASS=",
        "password || ",
        "password ?? x ",
        "\"--password\", ",
        "<<EOF\n",
        "tokens:\n- a: b\n  value: c\n",
        "pw string = ",
    ] {
        let text = piece.repeat(100_000 / piece.len());
        for (path, kind) in [("a.yaml", Kind::YamlOther), ("a.md", Kind::Markdown), ("a.js", Kind::Text)] {
            let _ = read(&text, path, kind);
        }
        assert!(start.elapsed().as_secs() < 60, "{piece}: {:?}", start.elapsed());
    }
    let _ = read(&format!("password={}", "a".repeat(1_000_000)), "a.env", Kind::Dotenv);
    assert!(start.elapsed().as_secs() < 60);
}
