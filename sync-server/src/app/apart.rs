//! Hub and desk on two machines: each makes its own secrets, and only what is public goes from one to the other.
//!
//! 1. On the hub's machine `hub-prepare` makes keys and writes a request: who the hub is, under which names.
//! 2. On the desk's machine `init --hub-request` makes root and desk and writes an answer: whose community, its root,
//!    the certificate that the root signed.
//! 3. On the hub's machine `hub-accept` takes the answer; the hub can start.
//!
//! Both files are lines of text, version first. Somebody who exchanges the request for another is the hub then, and a
//! hub reads nothing; but people compare the sixteen digits that both machines show.

use super::hub_folder::{HubFolder, from_hex, hex};
use super::{error, founding, hub_folder, hub_process};
use desk::app::{DeskError, ErrorKind};
use ids::{LineageId, TenantId};
use sealing::{Entropy, SystemEntropy};
use signing::{AgreementPublicKey, Hash, Label, RootPublic, Secret, VerifyingKey};
use std::fs;
use std::path::Path;

const REQUEST: &str = "valiza-hub-request 1";
const ANSWER: &str = "valiza-hub-answer 1";
/// What a prepared hub keeps until its answer comes: `hub.key`, and the request with a line `listen` in front.
const PREPARED: &str = "hub.prepared";
const KEY: &str = "hub.key";
/// Neither file is longer.
const LONGEST: u64 = 64 * 1024;

/// What the hub's machine says of its hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubRequest {
    /// How peers reach it, `https://host:port`.
    pub address: String,
    /// Names for its certificate.
    pub names: Vec<String>,
    /// Signs its answers.
    pub signing: VerifyingKey,
    /// Is named by its certificate.
    pub tls: VerifyingKey,
}

/// What the desk's machine answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubAnswer {
    /// The community.
    pub tenant: TenantId,
    /// Its root.
    pub root: RootPublic,
    /// For which hub.
    pub signing: VerifyingKey,
    /// DER.
    pub certificate: Vec<u8>,
}

/// A hub that is to be.
pub struct Prepare<'a> {
    /// The folder of its machine's half.
    pub dir: &'a Path,
    /// How peers reach it, `https://host:port`.
    pub address: &'a str,
    /// Where it listens, `address:port`.
    pub listen: &'a str,
    /// More names for its certificate.
    pub more_names: &'a [String],
}

/// True if the folder holds a hub that waits for its answer.
pub fn is_prepared(hub: &Path) -> bool {
    hub.join(PREPARED).exists()
}

/// Makes a hub's keys in a new folder and gives back what is to be brought to the desk.
pub fn prepare(new: &Prepare<'_>) -> Result<HubRequest, DeskError> {
    let path = hub_folder(new.dir);
    if path.exists() {
        return Err(DeskError::refused(
            format!("{} уже є: для нового вузла вкажіть порожню папку", path.display()),
            format!("{} exists: name an empty folder for a new hub", path.display()),
        ));
    }
    let names = founding::names_of(new.address, new.listen, new.more_names)?;
    let entropy: &mut dyn Entropy = &mut SystemEntropy::new();
    let seed: Secret<32> = entropy.secret();
    let request = HubRequest {
        address: new.address.to_owned(),
        names,
        signing: hub::HubKeys::from_seed(&seed).public(),
        tls: hub::tls::public(&seed),
    };
    peer::make_folder(&path)?;
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    peer::keep_file(&path, KEY, seed.expose())?;
    let prepared = format!("listen {}\n{}", new.listen, request.to_text());
    peer::keep_file(&path, PREPARED, prepared.as_bytes())?;
    Ok(request)
}

/// Takes the desk's answer: the hub can start after this. Gives back the community.
pub fn accept(dir: &Path, answer: &HubAnswer) -> Result<TenantId, DeskError> {
    let path = hub_folder(dir);
    if !is_prepared(&path) {
        return Err(DeskError::not_found(
            format!("у папці {} ніхто не чекає відповіді: спершу hub-prepare", path.display()),
            format!("nobody in {} waits for an answer: run hub-prepare first", path.display()),
        ));
    }
    let damaged = || {
        DeskError::new(
            ErrorKind::Damaged,
            "підготовлений вузол пошкоджено: приберіть його папку і повторіть hub-prepare",
            "the prepared hub is damaged: remove its folder and run hub-prepare again",
        )
    };
    let prepared = fs::read_to_string(path.join(PREPARED))?;
    let (listen, request) = prepared.split_once('\n').ok_or_else(damaged)?;
    let listen = listen.strip_prefix("listen ").ok_or_else(damaged)?;
    let request = HubRequest::from_text(request)?;
    let seed = Secret::from_slice(&fs::read(path.join(KEY))?).ok_or_else(damaged)?;
    if answer.signing != request.signing {
        return Err(DeskError::refused(
            "відповідь для іншого вузла: візьміть файл, що його дав init на цей запит",
            "the answer is for another hub: take the file that init wrote for this request",
        ));
    }
    let mut hub = HubFolder::new(&path, listen, request.names, answer.tenant, answer.root, seed);
    hub.certificate = answer.certificate.clone();
    // Nothing is written before the root is seen to vouch for it.
    hub_process::trusted(&hub)?;
    // A database that is brought here from a hub with another key begins a new life: what that key promised it may not hold.
    let entropy: &mut dyn Entropy = &mut SystemEntropy::new();
    hub.keep_marker(&hub::Marker { lineage: LineageId::from_random(entropy.array()), positions: 0 })?;
    hub.write()?;
    fs::remove_file(path.join(PREPARED))?;
    Ok(answer.tenant)
}

impl HubRequest {
    /// As it is brought to the desk.
    pub fn to_text(&self) -> String {
        let names: String = self.names.iter().map(|name| format!("name {name}\n")).collect();
        let (signing, tls) = (hex(&self.signing.0), hex(&self.tls.0));
        format!("{REQUEST}\naddress {}\n{names}signing {signing}\ntls {tls}\n", self.address)
    }

    /// Reads it.
    pub fn from_text(text: &str) -> Result<Self, DeskError> {
        let fields = Fields::of(text, REQUEST)?;
        let names = fields.all("name").map(str::to_owned).collect();
        let (signing, tls) = (fields.key("signing")?, fields.key("tls")?);
        Ok(Self { address: fields.one("address")?.to_owned(), names, signing, tls })
    }

    /// What people compare: sixteen digits in groups of four.
    pub fn digits(&self) -> String {
        let hash = Hash::of(Label::Text, self.to_text().as_bytes()).to_string();
        [&hash[..4], &hash[4..8], &hash[8..12], &hash[12..16]].join(" ")
    }
}

impl HubAnswer {
    /// As it is brought to the hub.
    pub fn to_text(&self) -> String {
        let (root, agreement) = (hex(&self.root.signing.0), hex(&self.root.agreement.0));
        let (signing, certificate) = (hex(&self.signing.0), hex(&self.certificate));
        format!(
            "{ANSWER}\ntenant {}\nroot {root}\nagreement {agreement}\nsigning {signing}\ncertificate {certificate}\n",
            self.tenant
        )
    }

    /// Reads it.
    pub fn from_text(text: &str) -> Result<Self, DeskError> {
        let fields = Fields::of(text, ANSWER)?;
        let tenant = fields.one("tenant")?.parse().map_err(|_| unreadable("tenant"))?;
        let agreement = AgreementPublicKey(fields.key("agreement")?.0);
        let digits = fields.one("certificate")?.as_bytes();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let certificate: Option<Vec<u8>> = digits.chunks(2).map(byte).collect();
        Ok(Self {
            tenant,
            root: RootPublic { signing: fields.key("root")?, agreement },
            signing: fields.key("signing")?,
            certificate: certificate.ok_or_else(|| unreadable("certificate"))?,
        })
    }
}

/// A file of the exchange, as text.
pub fn read_file(path: &Path) -> Result<String, DeskError> {
    use std::io::Read;
    let mut text = String::new();
    let read = fs::File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    read.map_err(|fault| {
        error(ErrorKind::Refused, &format!("файл {0} не читається: {fault} / {0} does not read", path.display()))
    })?;
    Ok(text)
}

/// Lines of a name, a space, a value.
struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    fn of(text: &'a str, head: &str) -> Result<Self, DeskError> {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        if first != head {
            let (kind, _) = head.split_once(' ').unwrap_or((head, ""));
            let other_version = first.starts_with(kind);
            return Err(if other_version {
                DeskError::refused(
                    format!("файл {first}, а програма знає {head}: на обох машинах має бути одна версія програми"),
                    format!("the file is {first}, this program knows {head}: both machines need one version"),
                )
            } else {
                DeskError::refused(format!("це не файл {kind}"), format!("this is no file {kind}"))
            });
        }
        let fields =
            lines.filter(|line| !line.is_empty()).map(|line| line.split_once(' ').ok_or_else(|| unreadable(line)));
        Ok(Self(fields.collect::<Result<_, _>>()?))
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(found, _)| *found == name).map(|(_, value)| *value)
    }

    fn one(&self, name: &str) -> Result<&'a str, DeskError> {
        self.all(name).next().ok_or_else(|| unreadable(name))
    }

    fn key(&self, name: &str) -> Result<VerifyingKey, DeskError> {
        from_hex(self.one(name)?).map(VerifyingKey).ok_or_else(|| unreadable(name))
    }
}

fn unreadable(what: &str) -> DeskError {
    let what: String = what.chars().take(40).collect();
    DeskError::new(
        ErrorKind::Damaged,
        format!("файл обміну між машинами пошкоджено ({what}): перенесіть його ще раз"),
        format!("the file from the other machine is damaged ({what}): bring it again"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(dir: &Path) -> HubRequest {
        let new = Prepare { dir, address: "https://hub.example:8443", listen: "0.0.0.0:8443", more_names: &[] };
        prepare(&new).unwrap()
    }

    #[test]
    fn files_between_machines_are_read_as_written_and_refused_in_words() {
        let dir = tempfile::tempdir().unwrap();
        let request = request(dir.path());
        assert_eq!(HubRequest::from_text(&request.to_text()).unwrap(), request);
        assert_eq!(request.digits().len(), 19);
        let root = RootPublic { signing: VerifyingKey([1; 32]), agreement: AgreementPublicKey([2; 32]) };
        let answer = HubAnswer {
            tenant: TenantId::from_bytes([3; 16]),
            root,
            signing: request.signing,
            certificate: vec![0x30, 0x82, 0],
        };
        assert_eq!(HubAnswer::from_text(&answer.to_text()).unwrap(), answer);
        for text in [request.to_text(), answer.to_text()] {
            let whole = text.len();
            (0..whole).filter(|at| text.is_char_boundary(*at)).for_each(|at| {
                let _ = (HubRequest::from_text(&text[..at]), HubAnswer::from_text(&text[..at]));
            });
        }
        let other = HubRequest::from_text(&answer.to_text()).unwrap_err();
        assert!(other.sentence.en.contains("no file valiza-hub-request"), "{other}");
        let later = HubRequest::from_text("valiza-hub-request 2\n").unwrap_err();
        assert!(later.sentence.en.contains("one version"), "{later}");
    }

    #[test]
    fn an_answer_for_another_hub_or_of_no_root_is_not_taken() {
        let dir = tempfile::tempdir().unwrap();
        let request = request(dir.path());
        let root = RootPublic { signing: VerifyingKey([1; 32]), agreement: AgreementPublicKey([2; 32]) };
        let tenant = TenantId::from_bytes([3; 16]);
        let answer = |signing| HubAnswer { tenant, root, signing, certificate: vec![5] };
        let foreign = accept(dir.path(), &answer(VerifyingKey([9; 32]))).unwrap_err();
        assert!(foreign.sentence.uk.contains("для іншого вузла"), "{foreign}");
        accept(dir.path(), &answer(request.signing)).unwrap_err();
        let waiting = HubFolder::read(&hub_folder(dir.path())).map(|_| ()).unwrap_err();
        assert!(waiting.sentence.en.contains("hub-accept"), "{waiting}");
        prepare(&Prepare { dir: dir.path(), address: "https://a", listen: "0.0.0.0:1", more_names: &[] }).unwrap_err();
    }
}
