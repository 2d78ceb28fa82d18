//! A new desk: its keys and chains, certified by the root while the kit is at hand.

use super::accounts::{Account, Rank, new_phc};
use super::centre_details::of_profile;
use super::facts::{DeskFact, Profile};
use super::{Desk, DeskError, Tools, attempts::Attempts};
use chain::Fact;
use clock::Time;
use ids::{ChainId, TenantId};
use peer::{Folder, Identity, Peer, Role, seals};
use sealing::{AgreementSecret, Entropy, Login, Passphrase, Vault};
use signing::{DeskCertificate, HubCertificate, Root, RootPublic, SigningKey, Validity, VerifyingKey};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// The kit is taken out of its safe once in so long.
const YEARS: Duration = Duration::from_secs(10 * 366 * 24 * 3600);

/// What a new desk is made of.
pub struct NewCentre<'a> {
    /// Its folder; must hold no desk.
    pub folder: &'a Path,
    /// Whose community.
    pub tenant: TenantId,
    /// The kit.
    pub root: &'a Root,
    /// The hub's address, `https://host:port`.
    pub hub: &'a str,
    /// The hub's key.
    pub hub_key: VerifyingKey,
    /// After a restore: the register of the desk before it.
    pub predecessor: Option<ChainId>,
    /// The first administrator.
    pub login: &'a str,
    /// The administrator's name.
    pub name: &'a str,
    /// The administrator's passphrase, for the vault and for signing in.
    pub passphrase: &'a str,
    /// Who the centre is; `None` after a restore, when the chain says it.
    pub profile: Option<Profile>,
}

/// The public half of a kit.
pub fn root_public(root: &Root) -> RootPublic {
    let agreement = AgreementSecret::from_bytes(root.agreement_secret()).public();
    RootPublic { signing: root.signing_key().public(), agreement }
}

/// Makes the desk and leaves it open. `first` is what it begins with beside its own facts. The vault is written last: a
/// folder in which that is missing holds no desk.
pub fn found(
    new: &NewCentre<'_>,
    tools: Tools,
    first: impl FnOnce(&Peer) -> Result<(), DeskError>,
) -> Result<Arc<Desk>, DeskError> {
    let login = Login::new(new.login).map_err(|error| refused(&error))?;
    let passphrase = Passphrase::new(new.passphrase).map_err(|error| refused(&error))?;
    if new.folder.join("vault").exists() {
        return Err(peer::PeerError::Exists.into());
    }
    let mut source = (tools.entropy)();
    let entropy: &mut dyn Entropy = source.as_mut();
    let phc = new_phc(&passphrase, tools.cost, entropy.array())?;
    let (vault, key) = Vault::create(&login, &passphrase, tools.cost, entropy).map_err(|error| refused(&error))?;
    let identity = draw_identity(new, entropy);
    let facts = first_facts(new, &identity, &tools, entropy)?;
    let account =
        Account { login: login.clone(), name: new.name.to_owned(), rank: Rank::Administrator, active: true, phc };
    let folder = Folder::hold(new.folder)?;
    let peer = Peer::create(folder, &key, identity, login.as_str(), tools.means())?;
    let profile = new.profile.clone();
    peer.act(move |act| {
        for fact in &facts {
            act.register_fact(fact)?;
        }
        let (by, at) = (act.officer().to_owned(), act.now().0);
        act.own(&DeskFact::Account { account, by, at }.to_own())?;
        if let Some(profile) = profile {
            act.register_fact(&Fact::Centre(of_profile(&profile)))?;
            act.own(&DeskFact::Profile(profile).to_own())?;
        }
        Ok(())
    })?;
    first(&peer)?;
    peer.folder().keep_vault(&vault)?;
    let attempts = Arc::new(Attempts::new(Arc::clone(&tools.clock)));
    Desk::new(peer, key, tools, attempts)
}

fn draw_identity(new: &NewCentre<'_>, entropy: &mut dyn Entropy) -> Identity {
    Identity {
        tenant: new.tenant,
        root: root_public(new.root),
        hub: new.hub.to_owned(),
        role: Role::Desk { register: ChainId::from_random(entropy.array()) },
        chain: ChainId::from_random(entropy.array()),
        number: 0,
        seed: entropy.secret(),
        agreement: AgreementSecret::generate(entropy),
        former: Vec::new(),
    }
}

/// From when to when the root's certificate of a desk holds.
pub(super) fn validity_of_desk(now: Time) -> Validity {
    // A suitcase's clock may be a little behind.
    Validity { not_before: now.0 - DAY.as_millis() as i64, not_after: now.plus(YEARS).0 }
}

/// What the root says of the desk, what the desk says of its hub.
fn first_facts(
    new: &NewCentre<'_>,
    identity: &Identity,
    tools: &Tools,
    entropy: &mut dyn Entropy,
) -> Result<[Fact; 2], DeskError> {
    let Role::Desk { register } = identity.role else { return Err(peer::PeerError::NotCertified.into()) };
    let validity = validity_of_desk(tools.clock.now());
    let key = identity.signing_key();
    let desk = DeskCertificate {
        tenant: new.tenant,
        register,
        case: identity.chain,
        signing: key.public(),
        agreement: identity.agreement.public(),
        predecessor: new.predecessor,
        validity,
    };
    let certificate = desk.sign(&new.root.signing_key());
    let sealed = seals::seal_desk_secret(&identity.root.agreement, register, &identity.agreement, entropy)?;
    Ok([Fact::Desk { certificate, sealed }, hub_fact(new.tenant, new.hub_key, validity, &key)])
}

fn hub_fact(tenant: TenantId, signing: VerifyingKey, validity: Validity, desk: &SigningKey) -> Fact {
    Fact::Hub(HubCertificate { tenant, signing, validity }.sign(desk))
}

fn refused(error: &dyn std::error::Error) -> DeskError {
    DeskError::from_text(super::ErrorKind::Refused, &error.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{self, PASSPHRASE};
    use super::super::{ErrorKind, Office};
    use super::*;

    #[test]
    fn a_new_desk_has_a_certified_register_and_an_administrator() {
        let town = testing::town();
        let register = town.desk.peer.register().unwrap();
        let desk = register.current_desk().unwrap();
        assert_eq!(desk.case, town.desk.peer.chain());
        assert_eq!(register.hubs(), [town.hub_key]);
        let (_, _, sealed) = register.desks().next().unwrap();
        let secret = AgreementSecret::from_bytes(town.root.agreement_secret());
        let opened = seals::open_desk_secret(&secret, desk.register, sealed).unwrap();
        assert_eq!(opened.public(), desk.agreement, "the kit gives the desk's secret back");
        assert_eq!(town.desk.profile().unwrap().name, "Глобинська громада");
        let accounts = town.desk.accounts("admin").unwrap();
        assert_eq!((accounts[0].login.as_str(), accounts[0].rank), ("admin", Rank::Administrator));
    }

    #[test]
    fn a_desk_is_sealed_until_its_passphrase_is_given() {
        let town = testing::town();
        let (tools, path) = (town.desk.tools.clone(), town.desk.peer.folder().path().to_owned());
        assert!(matches!(Office::hold(&path, tools.clone()).map(|_| ()), Err(e) if e.kind == ErrorKind::Busy));
        let (dir, clock) = town.close();
        let office = Office::hold(&path, tools).unwrap();
        assert_eq!(office.desk().map(|_| ()).unwrap_err().kind, ErrorKind::Sealed);
        let wrong = office.unseal("admin", "не той пароль зовсім").map(|_| ()).unwrap_err();
        assert_eq!(wrong.kind, ErrorKind::NotAllowed);
        let soon = office.unseal("admin", PASSPHRASE).map(|_| ()).unwrap_err();
        assert!(soon.sentence.en.contains("wait"), "{soon}");
        clock.advance(Duration::from_secs(2));
        let desk = office.unseal("admin", PASSPHRASE).unwrap();
        assert_eq!(desk.profile().unwrap().name, "Глобинська громада");
        assert!(Arc::ptr_eq(&desk, &office.desk().unwrap()));
        drop(dir);
    }

    #[test]
    fn a_disabled_account_unseals_nothing_with_an_old_vault() {
        let town = testing::town();
        let (tools, path) = (town.desk.tools.clone(), town.desk.peer.folder().path().to_owned());
        town.desk.add_account("admin", "second", "Друга", Rank::Administrator, PASSPHRASE).unwrap();
        let before = std::fs::read(path.join("vault")).unwrap();
        town.desk.disable_account("second", "admin").unwrap();
        let (_dir, _) = town.close();
        std::fs::write(path.join("vault"), before).unwrap();
        let office = Office::hold(&path, tools).unwrap();
        let disabled = office.unseal("admin", PASSPHRASE).map(|_| ()).unwrap_err();
        assert_eq!(disabled.kind, ErrorKind::NotAllowed);
        assert!(disabled.sentence.en.contains("no active account"), "{disabled}");
        assert_eq!(office.desk().map(|_| ()).unwrap_err().kind, ErrorKind::Sealed);
        assert_eq!(office.unseal("second", PASSPHRASE).unwrap().unsealed_by(), "second");
    }

    #[test]
    fn the_passphrase_of_any_administrator_unseals_without_a_login() {
        let town = testing::town();
        let (tools, path) = (town.desk.tools.clone(), town.desk.peer.folder().path().to_owned());
        let (second, third) = ("сонце ранок вікно місток", "човен яблуко стежка криниця");
        town.desk.add_account("admin", "second", "Друга", Rank::Administrator, second).unwrap();
        town.desk.add_account("admin", "a.third", "Третя", Rank::Administrator, third).unwrap();
        let (_dir, clock) = town.close();
        let open = |login: Option<&str>, passphrase: &str| {
            let office = Office::hold(&path, tools.clone()).unwrap();
            office.unseal_by(login, passphrase).map(|desk| desk.unsealed_by().to_owned())
        };
        for (login, passphrase) in [("admin", PASSPHRASE), ("second", second), ("a.third", third)] {
            assert_eq!(open(None, passphrase).unwrap(), login);
        }
        assert_eq!(open(Some("second"), third).unwrap_err().kind, ErrorKind::NotAllowed, "who is named is meant");
        let office = Office::hold(&path, tools.clone()).unwrap();
        let nobody = office.unseal_by(None, "не той пароль зовсім").map(|_| ()).unwrap_err();
        assert!(nobody.kind == ErrorKind::NotAllowed && nobody.sentence.uk.contains("--login"), "{nobody}");
        let soon = office.unseal_by(None, second).map(|_| ()).unwrap_err();
        assert!(soon.sentence.en.contains("wait"), "a wrong one makes the next try without a login wait: {soon}");
        assert!(soon.sentence.uk.contains("--login") && soon.sentence.en.contains("--login"), "{soon}");
        clock.advance(Duration::from_secs(2));
        assert_eq!(office.unseal_by(None, second).unwrap().unsealed_by(), "second");
    }

    #[test]
    fn wrong_ones_without_a_login_hold_up_nobody_who_says_who_it_is_nor_the_other_way() {
        let town = testing::town();
        let (tools, path) = (town.desk.tools.clone(), town.desk.peer.folder().path().to_owned());
        let second = "сонце ранок вікно місток";
        town.desk.add_account("admin", "second", "Друга", Rank::Administrator, second).unwrap();
        let (_dir, clock) = town.close();
        let sealed = || Office::hold(&path, tools.clone()).unwrap();
        let (long, wrong) = (Duration::from_secs(301), "не той пароль зовсім");
        let waits = |error: &DeskError| error.sentence.en.contains("wait");
        // A timer with an old passphrase: it waits longer and longer, the administrators do not.
        let office = sealed();
        for _ in 0..9 {
            assert!(!waits(&office.unseal_by(None, wrong).map(|_| ()).unwrap_err()));
            assert!(waits(&office.unseal_by(None, wrong).map(|_| ()).unwrap_err()), "no guess without a pause");
            clock.advance(long);
        }
        office.unseal_by(None, wrong).map(|_| ()).unwrap_err();
        clock.advance(Duration::from_secs(200));
        assert!(waits(&office.unseal_by(None, second).map(|_| ()).unwrap_err()), "after many the pause is long");
        assert!(!waits(&office.unseal("admin", wrong).map(|_| ()).unwrap_err()), "charged for its own ones only");
        assert_eq!(office.unseal("second", second).unwrap().unsealed_by(), "second");
        drop(office);
        // Who guesses at one account holds up that one.
        let office = sealed();
        office.unseal("admin", wrong).map(|_| ()).unwrap_err();
        assert!(waits(&office.unseal("admin", PASSPHRASE).map(|_| ()).unwrap_err()));
        let desk = office.unseal_by(None, second).unwrap();
        // A right one of the last login charges nobody before it, and forgives nobody's guesses.
        assert!(waits(&desk.check("admin", &sealing::Passphrase::typed(PASSPHRASE)).unwrap_err()));
        drop((desk, office));
        let desk = sealed().unseal_by(None, second).unwrap();
        assert_eq!(desk.check("admin", &sealing::Passphrase::typed(PASSPHRASE)).unwrap().login.as_str(), "admin");
    }

    #[test]
    fn a_folder_with_a_desk_and_a_weak_passphrase_are_refused() {
        let town = testing::town();
        let folder = town.desk.peer.folder().path().to_owned();
        let new = |folder, passphrase| NewCentre {
            folder,
            tenant: town.desk.peer.tenant(),
            root: &town.root,
            hub: "https://127.0.0.1:1",
            hub_key: town.hub_key,
            predecessor: None,
            login: "admin",
            name: "",
            passphrase,
            profile: None,
        };
        let again = found(&new(&folder, PASSPHRASE), town.desk.tools.clone(), |_| Ok(())).map(|_| ()).unwrap_err();
        assert!(again.sentence.en.contains("holds a centre already"));
        let dir = tempfile::tempdir().unwrap();
        let weak = found(&new(dir.path(), "1234"), town.desk.tools.clone(), |_| Ok(())).map(|_| ()).unwrap_err();
        assert!(weak.sentence.uk.contains("закороткий"), "{weak}");
    }
}
