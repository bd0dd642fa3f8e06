// Package stix writes what was found as STIX 2.1, so that threat intelligence
// platforms can read it.
//
// An export is a [Bundle]: for each technique MITRE's attack-pattern and a
// sighting of it, and for single tags an observed-data with the event that was
// seen. Only sightings and what they stand on are ours; an attack-pattern
// carries MITRE's id, so that a platform that has ATT&CK joins ours to what it
// knows. Ours is dated so that MITRE's own object is always the newer one.
// Techniques for which no source has MITRE's id have a derived one; the ATT&CK
// id stands as external reference in all of them.
//
// Ids are UUIDv5 of what an object is about: exporting twice gives the same
// objects, and the sighting of a technique by an attacker stays one object
// while its count grows.
//
// Events have no type in STIX that fits a honeypot's log line: what was typed
// is not a process that ran. They are x-ttpstream-event objects, which an
// extension-definition in the bundle declares, as the standard asks for.
// Evidence in them is what the tag has: matched tokens, secrets masked.
package stix
