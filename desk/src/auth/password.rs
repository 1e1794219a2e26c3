//! Passwords and tokens: hashed with argon2id at the parameters that the crate's authors recommend (19 MiB, two passes),
//! made from the system's random numbers.

use argon2::Argon2;
use argon2::password_hash::rand_core::{OsRng, RngCore};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};

/// The shortest password that is taken, in characters.
pub const SHORTEST: usize = 10;

/// A password as the ledger keeps it.
pub fn hash(password: &str) -> Result<String, String> {
    let salt = SaltString::generate(&mut OsRng);
    Argon2::default().hash_password(password.as_bytes(), &salt).map(|h| h.to_string()).map_err(|e| e.to_string())
}

/// Whether a password is the one that was hashed. Without a hash (no such user) it takes as long and says no.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    // Of a random password that nobody knows: what a name that is not there is compared with.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    let good = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    good && hash.is_some()
}

/// A random token of 256 bits in hexadecimal.
pub fn token() -> String {
    let mut bytes = [0u8; 32];
    OsRng.fill_bytes(&mut bytes);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A random password that can be read out: five groups of four letters and digits, about 100 bits.
pub fn generate() -> String {
    // Without 0, 1, l and o, which are taken for one another; 32 letters, so that every byte is as likely.
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0u8; 20];
    OsRng.fill_bytes(&mut bytes);
    let letters: Vec<char> = bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
    letters.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let kept = hash("correct horse").unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(verify("correct horse", Some(&kept)));
        assert!(!verify("wrong horse", Some(&kept)));
        assert!(!verify("correct horse", None));
        assert_ne!(kept, hash("correct horse").unwrap());
    }

    #[test]
    fn tokens_and_passwords_are_new_each_time() {
        assert_ne!(token(), token());
        assert_eq!(token().len(), 64);
        let made = generate();
        assert_eq!(made.len(), 24);
        assert_ne!(made, generate());
    }
}
