//! The real programs with the chaos between them: a centre whose hub stands behind a proxy.

use std::net::{Ipv4Addr, SocketAddr};
use valiza_tests::chaos::{Chaos, Fate, Weather};
use valiza_tests::ports::free_port;
use valiza_tests::programs::{Centre, Suitcase, form};

pub struct Behind {
    pub centre: Centre,
    pub chaos: Chaos,
    /// Where the hub itself listens.
    pub port: u16,
    _runtime: tokio::runtime::Runtime,
}

impl Behind {
    /// A running centre, everything going through.
    pub fn start() -> Self {
        let runtime = super::scene::runtime();
        let mut centre = Centre::found();
        let port = free_port();
        let settings = centre.dir.join("hub").join("hub.toml");
        let text = std::fs::read_to_string(&settings).unwrap();
        let listen = format!("listen = \"127.0.0.1:{}\"", centre.port);
        assert!(text.contains(&listen), "{text}");
        std::fs::write(&settings, text.replace(&listen, &format!("listen = \"127.0.0.1:{port}\""))).unwrap();
        let at = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let chaos = Chaos::start_at(at(centre.port), at(port), Weather::default(), |_| Fate::default());
        let chaos = runtime.block_on(chaos);
        centre.run();
        Self { centre, chaos, port, _runtime: runtime }
    }
}

/// Requests of as many people.
pub fn record(suitcase: &Suitcase, count: usize, from: usize) -> Vec<String> {
    const SURNAMES: [&str; 8] = ["Коваленко", "Гук", "Їжак", "Мороз", "Бондар", "Кравець", "Лисенко", "Шевчук"];
    let name = |number: usize| {
        let letters = ["а", "б", "в", "г", "д", "е", "ж", "з"];
        format!("{}{}", SURNAMES[number % 8], letters[number / 8 % 8])
    };
    (from..from + count).map(|number| suitcase.record(&form(&name(number)))).collect()
}
