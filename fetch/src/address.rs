//! Which addresses may be connected to.
//!
//! A feed or a redirect may name the machine's own network ("http://169.254.169.254/…"); such addresses are refused unless
//! the user allows them. The check is made on the very addresses that the connection is then made to, so a name that
//! changes its address between check and connection gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Whether an address is one of the public internet.
///
/// Refused: private, loopback, link-local, shared (RFC 6598), documentation, benchmarking, multicast, broadcast, reserved
/// and unspecified ones, and every IPv6 form that carries one of those (mapped, compatible, 6to4, Teredo, NAT64).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(a: Ipv4Addr) -> bool {
    let [x, y, z, _] = a.octets();
    !(a.is_private()
        || a.is_loopback()
        || a.is_link_local()
        || a.is_multicast()
        || a.is_broadcast()
        || a.is_documentation()
        || x == 0
        || x >= 240
        || (x == 100 && (64..128).contains(&y))
        || (x == 192 && y == 0 && z == 0)
        || (x == 192 && y == 88 && z == 99)
        || (x == 198 && (y == 18 || y == 19)))
}

fn is_public_v6(a: Ipv6Addr) -> bool {
    let s = a.segments();
    let last = |hi: u16, lo: u16| {
        let [a, b] = hi.to_be_bytes();
        let [c, d] = lo.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    if a.to_ipv4_mapped().is_some() || s[..6] == [0; 6] {
        return last(s[6], s[7]);
    }
    match s[0] {
        // NAT64 and 6to4 carry an IPv4 address.
        0x64 if s[1] == 0xff9b => s[2] == 0 && last(s[6], s[7]),
        0x2002 => last(s[1], s[2]),
        // Teredo, documentation, discard-only.
        0x2001 if s[1] == 0 || s[1] == 0xdb8 => false,
        0x2001 if s[1] & 0xfff0 == 0x10 || s[1] & 0xfff0 == 0x20 || s[1] == 2 => false,
        0x3fff if s[1] < 0x1000 => false,
        // Everything that is not global unicast: unique local, link-local, site-local, multicast, unspecified, loopback.
        s0 => (0x2000..0x4000).contains(&s0),
    }
}

/// A resolver that lets through public addresses alone.
#[derive(Debug)]
pub struct Guarded<R> {
    /// Who looks names up.
    pub inner: R,
    /// Whether any address will do.
    pub allow_private: bool,
}

impl<R: Resolver> Resolver for Guarded<R> {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if self.allow_private {
            return Ok(found);
        }
        let mut public = self.empty();
        for address in found.iter().filter(|a| is_public(a.ip())) {
            public.push(*address);
        }
        if public.is_empty() {
            let first = found.iter().next().map(|a| a.ip().to_string()).unwrap_or_default();
            return Err(ureq::Error::Io(std::io::Error::new(std::io::ErrorKind::PermissionDenied, first)));
        }
        Ok(public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_networks_of_a_machine_are_not_public() {
        for private in [
            "10.1.2.3",
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:0:4136:e378::1",
            "2001:db8::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "8.8.8.8",
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "2a00:1450:4001::8a",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
