//! Servers to tell status changes to: each takes as many connections as it has answers, and reports what it was sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// Longer than any healthy run takes.
const DEADLINE: Duration = Duration::from_mins(1);

/// How a web server answers one request.
#[derive(Clone, Copy)]
pub enum Answer {
    Status(u16),
    /// Takes the request and says nothing until the other side gives up.
    Silence,
}

/// One request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    pub head: String,
    pub body: String,
}

/// A server's address, and what comes in.
pub struct Server<T> {
    pub address: SocketAddr,
    got: Receiver<T>,
}

impl<T> Server<T> {
    /// The next thing that came in.
    pub fn next(&self) -> T {
        self.got.recv_timeout(DEADLINE).expect("something is sent to this server")
    }

    /// True if nothing more came. The server must have answered all it was to answer.
    pub fn is_done(&self) -> bool {
        self.got.recv_timeout(DEADLINE).is_err()
    }
}

impl Post {
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |line: &&str| line.to_ascii_lowercase().starts_with(&format!("{}:", name.to_ascii_lowercase()));
        self.head.lines().find(named)?.split_once(':').map(|(_, value)| value.trim())
    }
}

/// A web server on a port of its own, or on one that another had.
pub fn web(address: Option<SocketAddr>, answers: &[Answer]) -> Server<Post> {
    let answers = answers.to_vec();
    serve(address, answers, |stream, answer, sender| {
        let post = read_post(&mut stream.try_clone().unwrap());
        sender.send(post).unwrap();
        let mut stream = stream;
        match answer {
            Answer::Status(status) => {
                let head = format!("HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                stream.write_all(head.as_bytes()).unwrap();
            }
            Answer::Silence => {
                // Ends when the client closes.
                let _ = stream.read(&mut [0; 16]);
            }
        }
    })
}

/// A mail server; each answer is what it says to a whole mail, such as `250 taken`.
pub fn smtp(answers: &[&'static str]) -> Server<String> {
    serve(None, answers.to_vec(), |stream, answer, sender| {
        let mut out = stream.try_clone().unwrap();
        let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        say("220 test");
        let mut mail: Option<String> = None;
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            match &mut mail {
                Some(text) if line == "." => {
                    sender.send(std::mem::take(text)).unwrap();
                    mail = None;
                    say(answer);
                }
                Some(text) => {
                    text.push_str(&line);
                    text.push('\n');
                }
                None if line.starts_with("DATA") => {
                    mail = Some(String::new());
                    say("354 go on");
                }
                None if line.starts_with("QUIT") => {
                    say("221 bye");
                    return;
                }
                None => say("250 test"),
            }
        }
    })
}

fn serve<T, A, F>(address: Option<SocketAddr>, answers: Vec<A>, handle: F) -> Server<T>
where
    T: Send + 'static,
    A: Send + 'static,
    F: Fn(TcpStream, A, &Sender<T>) + Send + 'static,
{
    let listener = TcpListener::bind(address.unwrap_or_else(|| ([127, 0, 0, 1], 0).into())).unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, got) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(DEADLINE)).unwrap();
            handle(stream, answer, &sender);
        }
    });
    Server { address, got }
}

fn read_post(stream: &mut TcpStream) -> Post {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "the request ends in its head: {head}");
    }
    let mut post = Post { head, body: String::new() };
    let length: usize = post.header("Content-Length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    post.body = String::from_utf8(body).unwrap();
    post
}
