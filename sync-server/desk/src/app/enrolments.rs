//! Laptops that ask to become suitcases. Who proves an invitation that came as a file or a QR code is certified at
//! once; an invitation serves one laptop.

use super::facts::DeskFact;
use super::{Desk, DeskError};
use chain::{EnrolmentRequest, Invitation};
use ids::ChainId;
use signing::{SuitcaseCertificate, Validity};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long a certificate holds.
pub(crate) const CERTIFICATE: Duration = Duration::from_secs(180 * 24 * 3600);
/// A certificate of which less than this is left is renewed at any contact.
const RENEWED_BELOW: Duration = Duration::from_secs(120 * 24 * 3600);

impl Desk {
    /// Certifies those that prove an open invitation. Gives back how many. Others wait at the hub until their
    /// invitation is made or they are forgotten there.
    pub(crate) fn certify(&self, requests: &[EnrolmentRequest]) -> Result<usize, DeskError> {
        let mut certified = 0;
        for request in requests {
            let Some((by, certificate, id)) = self.certificate_for(request)? else { continue };
            let (name, chain) = (request.name.clone(), request.chain);
            self.act_as(&by, move |act| {
                act.certify_suitcase(&certificate)?;
                let at = act.now().0;
                act.own(&DeskFact::InvitationUsed { id, chain, name, at }.to_own()).map(|_| ())
            })?;
            tracing::info!(chain = %request.chain, "a suitcase was certified");
            certified += 1;
        }
        Ok(certified)
    }

    fn certificate_for(
        &self,
        request: &EnrolmentRequest,
    ) -> Result<Option<(String, SuitcaseCertificate, [u8; 16])>, DeskError> {
        let now = self.now();
        let tenant = self.peer.tenant();
        let known = self.peer.register()?.author(request.chain).is_some();
        let book = self.book()?;
        let Some(row) = book.invitations.get(&request.invitation) else { return Ok(None) };
        let proves = request.tenant == tenant && request.proves(&row.kept.secret);
        if known || !proves || row.used.is_some() || row.kept.expires < now.0 {
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

    /// Renews what runs out of the suitcases that were just heard of. Gives back how many.
    pub(crate) fn renew(&self, heard: &[ChainId]) -> Result<usize, DeskError> {
        let now = self.now();
        let register = self.peer.register()?;
        let mut renewed = 0;
        for chain in heard {
            let Some(certificate) = register.suitcase(*chain).copied() else { continue };
            let left = clock::Time(certificate.validity.not_after).since(now);
            if left >= RENEWED_BELOW || register.revocation(*chain).is_some() {
                continue;
            }
            let renewal = SuitcaseCertificate { validity: valid_from(now), ..certificate };
            let by = self.unsealed_by().to_owned();
            self.act_as(&by, move |act| act.certify_suitcase(&renewal))?;
            renewed += 1;
        }
        Ok(renewed)
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
