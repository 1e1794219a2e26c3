//! URLs and feeds → bytes, politely and safely. The one crate that speaks HTTP as a client.
