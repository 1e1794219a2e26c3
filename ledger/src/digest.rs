//! Hashes and the ids made of them.

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Letters and digits that cannot be taken for one another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A short public id: `prefix` and ten characters of the hash of `parts`.
pub fn public_id(prefix: char, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut id = String::from(prefix);
    let bytes = hash.finalize();
    id.extend(bytes.iter().take(10).map(|b| char::from(ALPHABET[usize::from(b % 32)])));
    id
}
