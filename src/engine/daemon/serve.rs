//! `/healthz`, `/readyz` and `/metrics` on this machine: one thread, one request at a time, all bounded.
//!
//! It shows numbers and folder names only, never what a document says. Whoever is slow, or sends too much, is cut off.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::engine::live::Live;

/// A whole request, from its first byte to the end of the answer, takes at most this long.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(2);
const REQUEST_BYTES_MAX: usize = 8 << 10;
const HEADERS_MAX: usize = 32;

/// Listens from now on; the thread ends with the process.
pub fn start(address: SocketAddr, live: Arc<Mutex<Live>>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(address)?;
    let bound = listener.local_addr()?;
    std::thread::Builder::new().name("serve".to_owned()).spawn(move || {
        for stream in listener.incoming() {
            match stream {
                // A request that fails concerns its sender alone.
                Ok(mut stream) => drop(answer(&mut stream, &live)),
                // As when there are no more descriptors: not a loop without pause.
                Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    })?;
    Ok(bound)
}

fn answer(stream: &mut TcpStream, live: &Mutex<Live>) -> io::Result<()> {
    let end = Instant::now() + REQUEST_TIME_MAX;
    stream.set_write_timeout(Some(REQUEST_TIME_MAX))?;
    let asked = read_request(stream, end)?;
    let live = live.lock().expect("no thread panics while it holds the numbers").clone();
    let (status, kind, body) = respond(asked.as_deref(), &live);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}

/// The path of a GET; `None` for anything else.
fn read_request(stream: &mut TcpStream, end: Instant) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let mut piece = [0; 1024];
    loop {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&bytes) {
            Ok(httparse::Status::Complete(_)) => {
                let path = request.path.filter(|_| request.method == Some("GET"));
                return Ok(path.map(str::to_owned));
            }
            Ok(httparse::Status::Partial) if bytes.len() < REQUEST_BYTES_MAX => {}
            Ok(httparse::Status::Partial) | Err(_) => return Ok(None),
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        let read = stream.read(&mut piece)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&piece[..read]);
    }
}

/// Status line, content type, body.
fn respond(path: Option<&str>, live: &Live) -> (&'static str, &'static str, String) {
    const TEXT: &str = "text/plain; charset=utf-8";
    const UNAVAILABLE: &str = "503 Service Unavailable";
    match path.map(|path| path.split('?').next().unwrap_or(path)) {
        Some("/healthz") => match live.illness() {
            None => ("200 OK", TEXT, "ok\n".to_owned()),
            Some(why) => (UNAVAILABLE, TEXT, format!("{why}\n")),
        },
        Some("/readyz") if live.ready => ("200 OK", TEXT, "ready\n".to_owned()),
        Some("/readyz") => (UNAVAILABLE, TEXT, "the first pass is not done yet\n".to_owned()),
        Some("/metrics") => ("200 OK", "text/plain; version=0.0.4; charset=utf-8", live.metrics()),
        Some(_) => ("404 Not Found", TEXT, "there are /healthz, /readyz and /metrics\n".to_owned()),
        None => ("400 Bad Request", TEXT, "only GET is understood\n".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(live: Live) -> SocketAddr {
        start("127.0.0.1:0".parse().unwrap(), Arc::new(Mutex::new(live))).unwrap()
    }

    fn ask(address: SocketAddr, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = String::new();
        // A reset is an answer too: the server has heard enough.
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    #[test]
    fn answers_by_table() {
        let address = served(Live { ready: true, ..Live::default() });
        for (request, want) in [
            ("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "200 OK"),
            ("GET /readyz HTTP/1.0\r\n\r\n", "200 OK"),
            ("GET /metrics?x=1 HTTP/1.1\r\n\r\n", "200 OK"),
            ("GET /etc/passwd HTTP/1.1\r\n\r\n", "404 Not Found"),
            ("POST /healthz HTTP/1.1\r\n\r\n", "400 Bad Request"),
            ("\0\0\0\r\n\r\n", "400 Bad Request"),
        ] {
            let answer = ask(address, request.as_bytes());
            assert!(answer.starts_with(&format!("HTTP/1.1 {want}\r\n")), "{request:?}: {answer}");
        }
        let waiting = served(Live::default());
        assert!(ask(waiting, b"GET /readyz HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 503"));
    }

    #[test]
    fn who_sends_too_much_or_nothing_is_cut_off() {
        let address = served(Live::default());
        let long = [b"GET /healthz HTTP/1.1\r\nX: ".to_vec(), vec![b'a'; 100_000]].concat();
        assert!(!ask(address, &long).contains("200 OK"));
        // One that says nothing holds the others up for two seconds at most.
        let silent = TcpStream::connect(address).unwrap();
        assert!(ask(address, b"GET /healthz HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 200"));
        drop(silent);
    }
}
