//! Laptops that ask to become suitcases. Who proves an invitation that came as a file or a QR code is certified at
//! once; an invitation serves one laptop.

use super::facts::DeskFact;
use super::invitations::is_held;
use super::sync_loop::total;
use super::{Desk, DeskError};
use chain::{EnrolmentRequest, Invitation};
use ids::ChainId;
use signing::{SuitcaseCertificate, Validity};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long a certificate holds.
pub(crate) const CERTIFICATE: Duration = Duration::from_secs(180 * 24 * 3600);
/// A certificate of which less than this is left is renewed when new entries of its suitcase arrive: the hub does not
/// tell who only asked, and a laptop that lies somewhere unused shall run out.
const RENEWED_BELOW: Duration = Duration::from_secs(120 * 24 * 3600);

impl Desk {
    /// Certifies those that prove an open invitation. Gives back how many. Others wait at the hub until their
    /// invitation is made or they are forgotten there. One that fails does not keep the others waiting.
    pub(crate) fn certify(&self, requests: &[EnrolmentRequest]) -> Result<usize, DeskError> {
        total(requests.iter().map(|request| self.certify_one(request)))
    }

    fn certify_one(&self, request: &EnrolmentRequest) -> Result<usize, DeskError> {
        let Some((by, certificate, id)) = self.certificate_for(request)? else { return Ok(0) };
        let (name, chain) = (request.name.clone(), request.chain);
        self.act_as(&by, move |act| {
            act.certify_suitcase(&certificate)?;
            let at = act.now().0;
            act.own(&DeskFact::InvitationUsed { id, chain, name, at }.to_own()).map(|_| ())
        })?;
        tracing::info!(chain = %request.chain, "a suitcase was certified");
        Ok(1)
    }

    fn certificate_for(
        &self,
        request: &EnrolmentRequest,
    ) -> Result<Option<(String, SuitcaseCertificate, [u8; 16])>, DeskError> {
        let now = self.now();
        let tenant = self.peer.tenant();
        let register = self.peer.register()?;
        let known = register.author(request.chain).is_some();
        let book = self.book()?;
        let Some(row) = book.invitations.get(&request.invitation) else { return Ok(None) };
        let proves = request.tenant == tenant && request.proves(&row.kept.secret);
        let spent = row.used.is_some() || row.replaced || row.kept.expires < now.0;
        if known || !proves || spent || is_held(&register, row.kept.number, now.0) {
            return Ok(None);
        }
        let certificate = SuitcaseCertificate {
            tenant,
            chain: request.chain,
            signing: request.signing,
            agreement: request.agreement,
            number: row.kept.number,
            roles: row.kept.roles,
            predecessor: None,
            validity: valid_from(now),
        };
        Ok(Some((row.kept.by.clone(), certificate, Invitation::id(&row.kept.secret))))
    }

    /// Renews what runs out of the suitcases of which new entries just arrived. Gives back how many.
    pub(crate) fn renew(&self, heard: &[ChainId]) -> Result<usize, DeskError> {
        total(heard.iter().map(|chain| self.renew_one(*chain)))
    }

    fn renew_one(&self, chain: ChainId) -> Result<usize, DeskError> {
        let now = self.now();
        let register = self.peer.register()?;
        let Some(certificate) = register.suitcase(chain).copied() else { return Ok(0) };
        let left = clock::Time(certificate.validity.not_after).since(now);
        if left >= RENEWED_BELOW || register.revocation(chain).is_some() {
            return Ok(0);
        }
        let renewal = SuitcaseCertificate { validity: valid_from(now), ..certificate };
        self.act_as(self.unsealed_by(), move |act| act.certify_suitcase(&renewal))?;
        Ok(1)
    }
}

fn valid_from(now: clock::Time) -> Validity {
    Validity { not_before: now.0 - DAY.as_millis() as i64, not_after: now.plus(CERTIFICATE).0 }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use chain::Standing;

    #[test]
    fn one_invitation_serves_one_laptop_and_no_forged_proof() {
        let town = testing::town();
        let invited = town.desk.invite("admin", 7, 1).unwrap();
        let invitation = Invitation::from_text(&invited.line).unwrap();
        let mut forged = town.request(&invitation);
        forged.mac = [0; 16];
        assert_eq!(town.desk.certify(&[forged]).unwrap(), 0);
        let (first, second) = (town.request(&invitation), town.request(&invitation));
        assert_eq!(town.desk.certify(&[first.clone(), second.clone()]).unwrap(), 1);
        assert_eq!(town.desk.certify(&[first.clone(), second.clone()]).unwrap(), 0);
        let register = town.desk.peer.register().unwrap();
        assert_eq!(register.standing(first.chain, town.desk.now().0), Standing::Live);
        assert_eq!(register.standing(second.chain, town.desk.now().0), Standing::Unknown);
    }

    #[test]
    fn a_number_that_a_suitcase_holds_is_certified_to_no_other() {
        let mut town = testing::town();
        // An invitation that is open while another laptop has its number: that laptop's was certified by another desk.
        let invited = town.desk.invite("admin", 7, 72).unwrap();
        let invitation = Invitation::from_text(&invited.line).unwrap();
        let elsewhere = town.request(&invitation);
        let certificate = SuitcaseCertificate {
            tenant: invitation.tenant,
            chain: elsewhere.chain,
            signing: elsewhere.signing,
            agreement: elsewhere.agreement,
            number: 7,
            roles: invitation.roles,
            predecessor: None,
            validity: valid_from(town.desk.now()),
        };
        town.desk.act_as("admin", move |act| act.certify_suitcase(&certificate)).unwrap();
        let request = town.request(&invitation);
        assert_eq!(town.desk.certify(std::slice::from_ref(&request)).unwrap(), 0);
        town.desk.revoke("admin", 7, "загублено").unwrap();
        assert_eq!(town.desk.certify(&[request]).unwrap(), 1, "a revoked suitcase gives its number back");
        town.suitcase(8);
    }

    #[test]
    fn an_expired_invitation_certifies_nobody() {
        let town = testing::town();
        let invited = town.desk.invite("admin", 7, 1).unwrap();
        let request = town.request(&Invitation::from_text(&invited.line).unwrap());
        town.clock.advance(Duration::from_secs(3601));
        assert_eq!(town.desk.certify(&[request]).unwrap(), 0);
    }

    #[test]
    fn a_certificate_is_renewed_after_sixty_days() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let until = |town: &testing::Town| {
            town.desk.peer.register().unwrap().suitcase(suitcase.peer.chain()).unwrap().validity.not_after
        };
        let first = until(&town);
        assert_eq!(town.desk.renew(&[suitcase.peer.chain()]).unwrap(), 0);
        town.clock.advance(DAY * 61);
        assert_eq!(town.desk.renew(&[suitcase.peer.chain()]).unwrap(), 1);
        assert_eq!(until(&town) - first, (DAY * 61).as_millis() as i64);
    }
}
