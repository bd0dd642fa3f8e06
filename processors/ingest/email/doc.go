// Package email reduces a mail to what rules need to know of it: no recipient's
// address, no word of its body, but where it came from, what its headers claim,
// what sort of links, language and files it has. It is pure: bytes in, a record
// out.
//
// # What is kept
//
// Domains, counts, hashes, names of headers, and traits: names of what the
// reader saw, such as url.punycode or body.credential_request. A trait is an
// observation and not a verdict; the verdicts are rules. The tables of traits
// are [HeaderTraits], [URLTraits], [BodyTraits] and [AttachmentTraits].
//
// # Whose a mail is
//
// Servers write Received headers above those that are there, so those above
// the first hop of a foreign server are ours and what is below may be a lie.
// The attacker is the address that the last hop outside our relays gave. Where
// no header names one, the domain of the return path stands for him.
//
// # Bounds
//
// A message is parsed up to [MaxBytes]; of its text the first 256 KiB are read,
// of its links the first 256, of its attachments the first 64, of an archive
// the first 1,000 names, and nothing that an archive holds is unpacked.
package email
