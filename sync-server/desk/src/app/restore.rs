//! Restoring a lost desk from the kit and the hub: new keys and chains, certified by the root as the old desk's
//! successor; everything else comes back through the exchange.

use super::founding::root_public;
use super::{Desk, DeskError, ErrorKind, HUB, NewCentre, Tools, found};
use chain::{Courier, Register, RegisterTold, RestoreFault, Restoring};
use clock::Time;
use ids::ChainId;
use peer::sync::{Link, sync, tls};
use peer::{Peer, seals};
use sealing::AgreementSecret;
use signing::Root;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// What is asked for.
pub struct FromHub<'a> {
    /// The new desk's folder.
    pub folder: &'a Path,
    /// The kit.
    pub root: &'a Root,
    /// The hub's address, `https://host:port`.
    pub hub: &'a str,
    /// The administrator who restores.
    pub login: &'a str,
    /// The administrator's name.
    pub name: &'a str,
    /// The administrator's passphrase.
    pub passphrase: &'a str,
}

/// What came back.
pub struct Restored {
    /// The new desk, open.
    pub desk: Arc<Desk>,
    /// Requests, residents, visits.
    pub records: u64,
    /// Suitcases in the register.
    pub suitcases: usize,
    /// Accounts.
    pub accounts: usize,
    /// Desks before this one whose secrets the kit opened.
    pub predecessors: usize,
    /// Entries that are held and not among the records.
    pub set_aside: usize,
}

/// By so much this machine's clock and the hub's may part, ms: as much as a desk's certificate holds before its time.
const DAY: u64 = 24 * 60 * 60 * 1000;

/// Restores. Nothing is made in the folder before the hub has answered.
pub async fn restore(from: &FromHub<'_>, tools: Tools) -> Result<Restored, DeskError> {
    let public = root_public(from.root);
    let config = tls::client_config(&public.signing)
        .map_err(|error| DeskError::from_text(ErrorKind::NoConnection, &error.to_string()))?;
    let mut link = Link::new(from.hub, config)?;
    let told = ask(from.root, &mut link, (tools.entropy)().array()).await?;
    same_clock(tools.clock.now(), Time(told.time))?;
    let RegisterTold { tenant, hub: hub_key, register, segments, case_end, .. } = told;
    let new = NewCentre {
        folder: from.folder,
        tenant,
        root: from.root,
        hub: from.hub,
        hub_key,
        predecessor: register.current_desk().map(|desk| desk.register),
        login: from.login,
        name: from.name,
        passphrase: from.passphrase,
        profile: None,
    };
    let ended = new.predecessor.map(|before| (before, register.head(before)));
    let mut predecessors = 0;
    let desk = found(&new, tools, |peer| {
        if let Some((register, end)) = ended {
            // Whoever has the lost desk's key says nothing with it from here on.
            peer.act(move |act| act.register_fact(&chain::Fact::Succession { register, end, case_end }))?;
        }
        predecessors = open_secrets(peer, from.root, &register)?;
        peer.take_register(segments)?;
        // Until everything is here it judges by the words of the desks before, and writes nothing.
        Ok(peer.begin_from_a_copy(HUB)?)
    })?;
    read_everything(&desk, &mut link).await?;
    let counted = Arc::clone(&desk);
    let counts = tokio::task::spawn_blocking(move || counted.after_restore()).await.map_err(|_| damaged())?;
    let (records, accounts, set_aside) = counts?;
    // What the restore wrote: verdicts under the new keys. The desk itself is whole, and brings them when it runs.
    if let Err(error) = sync(&desk.peer, &mut link, HUB, &mut Courier::default()).await {
        tracing::warn!(%error, "the restored desk brings its verdicts with its next exchange");
    }
    let suitcases = desk.peer.register()?.suitcases().count();
    Ok(Restored { desk, records, suitcases, accounts, predecessors, set_aside })
}

/// Asks until the register is whole, a part at a time.
async fn ask(root: &Root, link: &mut Link, nonce: [u8; 16]) -> Result<RegisterTold, DeskError> {
    let (mut restoring, key) = (Restoring::new(root_public(root), nonce), root.signing_key());
    loop {
        let answer = link.post("/v1/restore", restoring.question(&key), chain::limits::MESSAGE).await?;
        if let Some(told) = restoring.answered(&answer).map_err(not_believed)? {
            return Ok(told);
        }
    }
}

fn not_believed(fault: RestoreFault) -> DeskError {
    let kind = match fault {
        RestoreFault::NotSigned | RestoreFault::Damaged | RestoreFault::Register(_) => ErrorKind::Damaged,
        RestoreFault::OtherHub | RestoreFault::UnknownHub | RestoreFault::EndedHub | RestoreFault::Stuck => {
            ErrorKind::Refused
        }
    };
    DeskError::from_text(kind, &fault.to_string())
}

/// The new certificates hold from this machine's time on: one that stands years off would make a desk that nobody
/// believes, or that ends too soon.
fn same_clock(own: Time, hub: Time) -> Result<(), DeskError> {
    if own.0.abs_diff(hub.0) <= DAY {
        return Ok(());
    }
    let written =
        |time: Time| time.kyiv().map_or_else(|| time.to_string(), |at| at.strftime("%d.%m.%Y %H:%M").to_string());
    let (own, hub) = (written(own), written(hub));
    Err(DeskError::refused(
        format!(
            "на годиннику цієї машини {own}, а у вузла обміну {hub}: виставте той, що хибний, і повторіть; нічого не створено"
        ),
        format!(
            "this machine's clock says {own} and the hub's says {hub}: set the one that is wrong and try again; nothing was made"
        ),
    ))
}

/// What was sealed to the desks before opens with their secrets, which the kit opens.
fn open_secrets(peer: &Peer, root: &Root, register: &Register) -> Result<usize, DeskError> {
    let kit = AgreementSecret::from_bytes(root.agreement_secret());
    let mut opened = 0;
    // What was sealed to a key that was destroyed stands in a later case chain once more.
    for (before, _, sealed) in register.desks().filter(|(desk, ..)| !register.is_destroyed(desk.register)) {
        match seals::open_desk_secret(&kit, before.register, sealed) {
            Ok(secret) => {
                peer.add_secret(secret)?;
                opened += 1;
            }
            Err(error) => tracing::warn!(register = %before.register, %error, "a desk's sealed secret does not open"),
        }
    }
    Ok(opened)
}

async fn read_everything(desk: &Arc<Desk>, link: &mut Link) -> Result<(), DeskError> {
    let contact = sync(&desk.peer, link, HUB, &mut Courier::default()).await?;
    let worker = Arc::clone(desk);
    let done = tokio::task::spawn_blocking(move || worker.after_exchange(&contact)).await;
    done.map_err(|_| damaged())?.map(|_| ())
}

impl Desk {
    /// What people had decided about entries set aside holds again. Gives back records, accounts, entries set aside.
    pub(super) fn after_restore(&self) -> Result<(u64, usize, usize), DeskError> {
        let (accepted, held, accounts) = {
            let book = self.book()?;
            (book.accepted.clone(), book.held_at_revocation.clone(), book.accounts.len())
        };
        let register = self.peer.register()?;
        let mut let_in: BTreeMap<ChainId, Vec<u64>> = BTreeMap::new();
        for (chain, exception) in self.peer.read(|view| view.exceptions(None))? {
            // What a laptop had sent that was declined was set aside from the first.
            let certified = register.suitcase(chain).is_some();
            let before = certified && held.get(&chain).is_some_and(|seq| exception.seq <= *seq);
            if before || accepted.contains(&(chain, exception.seq)) {
                let_in.entry(chain).or_default().push(exception.seq);
            }
        }
        for (chain, seqs) in let_in {
            self.peer.accept_exceptions(chain, &seqs)?;
        }
        self.look_for_known_keys();
        self.peer.write_verdicts()?;
        self.peer.decisions_hold()?;
        let counts = |view: &peer::View<'_>| Ok((view.count(&peer::Filter::default())?, view.exceptions(None)?.len()));
        let (records, set_aside) = self.peer.read(counts)?;
        Ok((records, accounts, set_aside))
    }
}

fn damaged() -> DeskError {
    DeskError::new(
        ErrorKind::Damaged,
        "відповідь вузла обміну пошкоджена: перевірте його версію і повторіть",
        "the hub's answer is damaged: check its version and try again",
    )
}
