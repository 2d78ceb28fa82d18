//! Somebody else answers: a hotel's page, a proxy, another server under our name. The officer is told what to do, and
//! nothing of the officer's work is given away.

use super::scene::{SHORT, Scene, runtime};
use chain::Courier;
use peer::sync::{Link, LinkError, SyncError, tls};
use signing::{Secret, SigningKey};
use valiza_tests::chaos::{Fate, Way, Weather};
use valiza_tests::programs::{Centre, form};
use valiza_tests::served;

const LOGIN_PAGE: &[u8] =
    b"HTTP/1.1 302 Found\r\nLocation: http://wifi.hotel.example/login\r\nContent-Length: 0\r\n\r\n";
const WELCOME: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<html>Welcome</html>";
const PASSWORD: &[u8] = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
const GATEWAY: &[u8] =
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 24\r\n\r\n<html>Bad gateway</html>";
const RUBBISH: &[u8] = b"SSH-2.0-OpenSSH_9.6\r\n";

#[test]
fn a_portal_s_page_is_told_as_such_and_everything_goes_once_it_is_gone() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.record(3);
        let cases: [(&'static [u8], LinkError, &str); 5] = [
            (LOGIN_PAGE, LinkError::Portal(302), "відкрийте браузер"),
            (WELCOME, LinkError::Portal(200), "відкрийте браузер"),
            (PASSWORD, LinkError::ProxyPassword, "проксі з паролем"),
            (GATEWAY, LinkError::Proxy(502), "посередник"),
            (RUBBISH, LinkError::NotOurs, "хтось інший"),
        ];
        for (answer, expected, words) in cases {
            scene.chaos.turn(move |_| Fate { answer: Some(answer), ..Fate::default() });
            let error = scene.sync(&mut Courier::default()).await.unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
            assert!(matches!(error, SyncError::Link(link) if link == expected));
            assert_eq!(scene.waiting(), 3, "nothing counts as sent");
        }
        scene.chaos.turn(|_| Fate::default());
        scene.sync(&mut Courier::default()).await.unwrap();
        scene.all_is_well();
    });
}

/// A name that resolves to somebody else: the certificate is not from the community's root.
#[test]
fn a_lying_name_gets_a_hello_and_not_a_byte_more() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.record(1);
        let foreign = SigningKey::from_seed(&Secret::new([99; 32])).public();
        let config = tls::client_config(&foreign).unwrap();
        let mut link = Link::new(&format!("https://{}", scene.hub), config).unwrap().with_patience(SHORT);
        let ended = peer::sync::sync(scene.peer(), &mut link, "hub", &mut Courier::default()).await;
        assert!(matches!(ended, Err(SyncError::Link(LinkError::NotOurs))), "{ended:?}");
        assert_eq!(link.traffic().inside, 0, "something was said to a stranger");
        assert_eq!(scene.waiting(), 1);
        // The right server under a name that its certificate does not have is a stranger, too.
        let config = tls::client_config(&scene.world.public.signing).unwrap();
        let mut link = Link::new(&format!("https://127.0.0.2:{}", scene.hub.port()), config).unwrap();
        let error = link.ready().await.unwrap_err();
        assert!(matches!(error, LinkError::NotOurs | LinkError::Away), "{error:?}");
        assert_eq!(link.traffic().inside, 0);
    });
}

/// A proxy that changes what goes through it is a cut link at worst.
#[test]
fn a_bit_turned_anywhere_is_noticed_and_nothing_wrong_is_kept() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        scene.sync_in_the_end(1).await;
        for way in [Way::Up, Way::Down] {
            for place in (0..2_600).step_by(67) {
                let flip = Some((way, place));
                scene.chaos.turn(move |connection| Fate { flip: flip.filter(|_| connection == 0), ..Fate::default() });
                scene.record(1);
                let held = scene.held();
                scene.sync_in_the_end(2).await;
                assert_eq!((scene.waiting(), scene.held()), (0, held + 1), "{way:?} {place}");
            }
        }
        scene.all_is_well();
    });
}

/// Inside TLS: a proxy on the hub's own machine that speaks in the hub's name while the hub is down.
#[test]
fn a_page_in_html_from_a_proxy_in_front_of_the_hub_is_a_sentence() {
    runtime().block_on(async {
        let scene = Scene::new(Weather::default()).await;
        for (status, html, expected) in [
            ("502 Bad Gateway", true, LinkError::Proxy(502)),
            ("407 Proxy Authentication Required", true, LinkError::ProxyPassword),
            ("302 Found", true, LinkError::Portal(302)),
        ] {
            let address = in_front(&scene, status, html).await;
            let mut link = served::link(&scene.world, address).with_patience(SHORT);
            assert_eq!(link.get("/v1/health", 4096).await, Err(expected.clone()));
            assert!(!expected.to_string().contains('<'));
        }
        // The hub's own words are passed on as they are.
        let address = in_front(&scene, "503 Service Unavailable", false).await;
        let said = served::link(&scene.world, address).get("/v1/health", 4096).await.unwrap_err();
        assert!(matches!(&said, LinkError::Status(503, words) if words.contains("зайнятий")), "{said:?}");
    });
}

/// A server with the hub's certificate that answers every request with one status.
async fn in_front(scene: &Scene, status: &str, html: bool) -> std::net::SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let config = served::tls_config(&scene.world);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (kind, body) =
        if html { ("text/html", "<html>no</html>") } else { ("text/plain; charset=utf-8", "зайнятий / busy") };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    tokio::spawn(async move {
        let acceptor = tokio_rustls::TlsAcceptor::from(config);
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    address
}

#[test]
fn a_hub_that_has_ipv6_only_is_a_hub() {
    runtime().block_on(async {
        let mut scene = Scene::new(Weather::default()).await;
        let hub = served::serve_until(&scene.world, "[::1]:0", std::future::pending()).await;
        scene.record(2);
        let mut link = served::link(&scene.world, hub).with_patience(SHORT);
        peer::sync::sync(scene.peer(), &mut link, "hub", &mut Courier::default()).await.unwrap();
        assert_eq!(scene.waiting(), 0);
    });
}

/// From founding to the queue with the real programs, IPv6 all the way: listen address, invitation, enrolment, exchange.
#[test]
fn a_centre_lives_on_ipv6_alone() {
    let mut centre = Centre::found_on("[::1]");
    centre.run();
    let suitcase = centre.suitcase(7);
    suitcase.record(&form("Коваленко"));
    suitcase.sync().ok();
    centre.queue_of(1);
    let doctor = centre.call(&["doctor"]).ok();
    assert!(doctor.out.contains(&format!("вузол https://[::1]:{} відповідає", centre.port)), "{doctor:?}");
}
