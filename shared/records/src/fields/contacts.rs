//! Phones and e-mail.

use super::Finding;

/// Codes of mobile operators, as in the state's own list in force in 2026 (Diia). The catalogue may carry a newer one.
pub const MOBILE_CODES: [&str; 18] =
    ["39", "50", "63", "66", "67", "68", "73", "75", "77", "91", "92", "93", "94", "95", "96", "97", "98", "99"];

/// Everything odd about a phone number `+380…`. A landline is a warning where a mobile is expected.
pub fn phone(text: &str, mobile_codes: &[&str], landline_fits: bool) -> Vec<Finding> {
    let Some(rest) =
        text.strip_prefix("+380").filter(|rest| rest.len() == 9 && rest.bytes().all(|b| b.is_ascii_digit()))
    else {
        return vec![
            Finding::error("phone_form", "телефон має вигляд +380671234567", "a phone number looks like +380671234567")
                .suggest_if(international(text)),
        ];
    };
    let is_mobile = mobile_codes.contains(&&rest[..2]);
    if is_mobile || landline_fits {
        return Vec::new();
    }
    vec![Finding::warning(
        "phone_landline",
        "це не номер мобільного: повідомлення на нього не надійдуть; додайте мобільний, якщо він є",
        "this is no mobile number: messages will not reach it; add a mobile if there is one",
    )]
}

/// What was typed, as an international number, if that is plain.
fn international(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| c.is_ascii_digit()).collect();
    let odd = text.chars().any(|c| !c.is_ascii_digit() && !" ()-–+.\u{a0}".contains(c));
    let rest = match bare.len() {
        10 => bare.strip_prefix('0')?,
        11 => bare.strip_prefix("80")?,
        12 => bare.strip_prefix("380")?,
        _ => return None,
    };
    (!odd).then(|| format!("+380{rest}"))
}

/// Everything odd about an e-mail address.
pub fn email(text: &str) -> Vec<Finding> {
    let form = Finding::error(
        "email_form",
        "адреса пошти має вигляд ivan@example.com",
        "an e-mail address looks like ivan@example.com",
    );
    let Some((local, domain)) = text.rsplit_once('@') else { return vec![form] };
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label_fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    let domain_fits = domain.contains('.')
        && domain.split('.').all(label_fits)
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_alphabetic());
    if !local_fits || !domain_fits {
        return vec![form];
    }
    if ["ru", "su"].contains(&top.to_ascii_lowercase().as_str()) {
        return vec![Finding::warning(
            "email_domain",
            "державні системи не надсилають листів на домени .ru і .su: попросіть іншу адресу",
            "state systems do not write to .ru and .su domains: ask for another address",
        )];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Severity;

    #[test]
    fn mobiles_pass_and_landlines_warn_where_a_mobile_is_expected() {
        for code in ["39", "50", "67", "77", "99"] {
            assert_eq!(phone(&format!("+380{code}1234567"), &MOBILE_CODES, false), []);
        }
        assert_eq!(phone("+380384212345", &MOBILE_CODES, false)[0].severity, Severity::Warning);
        assert_eq!(phone("+380384212345", &MOBILE_CODES, true), []);
    }

    #[test]
    fn what_people_type_is_offered_in_the_form_that_is_kept() {
        for typed in ["067 123-45-67", "(067) 1234567", "380671234567", "8 067 123 45 67", "+38 067 1234567"] {
            assert_eq!(phone(typed, &MOBILE_CODES, false)[0].suggestion.as_deref(), Some("+380671234567"), "{typed}");
        }
        for typed in ["", "1234567", "+48601234567", "067123456x", "+3806712345678"] {
            assert_eq!(phone(typed, &MOBILE_CODES, false)[0].suggestion, None, "{typed}");
            assert_eq!(phone(typed, &MOBILE_CODES, false)[0].severity, Severity::Error, "{typed}");
        }
    }

    #[test]
    fn addresses_of_mail() {
        for text in ["ivan@example.com", "o.koval+cnap@meta.ua", "a_b-c@sub.gov.ua"] {
            assert_eq!(email(text), [], "{text}");
        }
        for text in [
            "",
            "ivan",
            "@example.com",
            "ivan@",
            "ivan@example",
            "іван@example.com",
            "a..b@example.com",
            "a b@example.com",
            "a@-x.com",
            "a@x.c0m",
        ] {
            assert_eq!(email(text).first().map(|f| f.severity), Some(Severity::Error), "{text}");
        }
        assert_eq!(email("ivan@mail.ru")[0].severity, Severity::Warning);
    }
}
