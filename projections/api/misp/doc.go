// Package misp writes what was found as a MISP event, in the JSON that MISP
// and its libraries import.
//
// Techniques are tags of MISP's own ATT&CK galaxy, on the event and on an
// attribute each that says how often and how surely it was seen. Addresses of
// downloads and hashes of files, where evidence has them, are attributes of the
// types that MISP correlates. Nothing is marked for detection (to_ids): what a
// honeypot was told to fetch is not always bad.
//
// Ids are UUIDv5 of what they are about: importing twice updates the event.
package misp
