//! Mail to a real server: encryption asked for and had, a password, a private authority, an outage.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use super::machine::must;

const SERVER: &str = r#"
import json, socket, ssl, sys
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, SMTP
certificate, key = sys.argv[1], sys.argv[2]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)
class Handler:
    left = int(sys.argv[3])
    async def handle_DATA(self, server, session, envelope):
        mail = envelope.content.decode()
        print(json.dumps({"tls": session.ssl is not None, "user": session.auth_data, "to": envelope.rcpt_tos, "mail": mail}), flush=True)
        if Handler.left > 0:
            Handler.left -= 1
            return "452 no room now"
        return "250 taken"
def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"evidex" and data.password == b"s3cret"
    return AuthResult(success=good, handled=False, auth_data=data.login.decode())
class Server(Controller):
    def factory(self):
        return SMTP(self.handler, require_starttls=True, tls_context=context, authenticator=authenticate, auth_required=True)
with socket.create_server(("127.0.0.1", 0)) as probe:
    port = probe.getsockname()[1]
server = Server(Handler(), hostname="127.0.0.1", port=port)
server.start()
print(port, flush=True)
sys.stdin.read()
"#;

/// The server, its port, and what it prints: a JSON line a mail.
struct Server {
    child: Child,
    port: String,
    lines: BufReader<ChildStdout>,
}

impl Server {
    fn start(folder: &Path, refusals: u32) -> Self {
        let python = std::env::var("EVIDEX_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let mut command = Command::new(python);
        command.args(["-c", SERVER]).arg(folder.join("server.pem")).arg(folder.join("server.key"));
        command.arg(refusals.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("python3 must be installed for this test");
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut port = String::new();
        lines.read_line(&mut port).unwrap();
        assert!(!port.trim().is_empty(), "aiosmtpd must be installed for this test");
        Self { child, port: port.trim().to_owned(), lines }
    }

    fn next(&mut self) -> serde_json::Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An authority of the company's own, and a certificate for `localhost` by it.
fn certificates(folder: &Path) {
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let new = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj"];
    must(
        "openssl",
        &[&new[..], &["/CN=Company", "-x509", "-days", "2", "-keyout", &at("ca.key"), "-out", &at("ca.pem")]].concat(),
    );
    must("openssl", &[&new[..], &["/CN=localhost", "-keyout", &at("server.key"), "-out", &at("server.csr")]].concat());
    fs::write(at("names"), "subjectAltName=DNS:localhost\n").unwrap();
    let sign = ["x509", "-req", "-in", &at("server.csr"), "-CA", &at("ca.pem"), "-CAkey", &at("ca.key"), "-days", "2"];
    must("openssl", &[&sign[..], &["-CAcreateserial", "-extfile", &at("names"), "-out", &at("server.pem")]].concat());
}

fn configure(folder: &Path, port: &str) {
    let config = format!(
        "entities = [\"us-importer\"]\nstate = \"state\"\n[[root]]\npath = \"docs\"\n[[notify]]\nkind = \"email\"\n\
         smtp = \"localhost\"\nport = {port}\nfrom = \"evidex@example.com\"\nto = [\"a@example.com\"]\nuser = \"evidex\"\n\
         password_file = \"password\"\nca_file = \"ca.pem\"\n"
    );
    fs::write(folder.join("evidex.toml"), config).unwrap();
}

#[test]
fn a_real_server_gets_the_mail_encrypted_and_once_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    certificates(path);
    fs::create_dir(path.join("docs")).unwrap();
    fs::write(path.join("docs/log.txt"), "Seal log of May\n").unwrap();
    fs::write(path.join("password"), "s3cret\n").unwrap();
    let run = |args: &[&str]| {
        let config = path.join("evidex.toml");
        let mut command = Command::new(env!("CARGO_BIN_EXE_evidex"));
        let output = command.arg("--config").arg(config).args(args).stdin(Stdio::null()).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), format!("{}{}", text(&output.stdout), text(&output.stderr)))
    };
    let mut server = Server::start(path, 1);
    configure(path, &server.port);
    assert_eq!(run(&["scan"]).0, Some(0));
    assert_eq!(run(&["waive", "9.11", "--until", "2099-01-01", "--note", "x", "--by", "Ana"]).0, Some(0));
    let (code, said) = run(&["scan"]);
    assert!(code == Some(0) && said.contains("452"), "{said}");
    let first = server.next();
    // Away for a while.
    drop(server);
    let (code, said) = run(&["notify", "send"]);
    assert!(code == Some(4) && !said.contains("s3cret"), "{said}");
    let mut server = Server::start(path, 0);
    configure(path, &server.port);
    let (code, said) = run(&["notify", "send"]);
    assert_eq!(code, Some(0), "{said}");
    let second = server.next();
    let id = |got: &serde_json::Value| {
        let mail = got["mail"].as_str().unwrap().to_owned();
        mail.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned()
    };
    assert_eq!(id(&first), id(&second));
    assert_eq!(
        (&second["tls"], &second["user"], &second["to"][0]),
        (&true.into(), &"evidex".into(), &"a@example.com".into())
    );

    // A wrong password and an authority that nobody knows are failures, not fallbacks.
    fs::write(path.join("password"), "wrong\n").unwrap();
    assert_eq!(run(&["notify", "test"]).0, Some(4));
    fs::write(path.join("password"), "s3cret\n").unwrap();
    let config = fs::read_to_string(path.join("evidex.toml")).unwrap();
    fs::write(path.join("evidex.toml"), config.replace("ca_file", "# ca_file")).unwrap();
    let (code, said) = run(&["notify", "test"]);
    assert_eq!(code, Some(4), "{said}");
}
