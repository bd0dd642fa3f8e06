// Package api answers questions about a ledger over HTTP, and takes the few
// words that an operator may say back.
//
//	server, err := api.New(api.Options{Ledger: store, Logger: log})
//	listener, err := net.Listen("tcp", "127.0.0.1:8080")
//	err = server.Serve(ctx, listener)
//
// # The contract comes first
//
// Every route is declared once, with the types of its question and its answer,
// in routes.go. The OpenAPI 3.1 document is made from these declarations,
// served at /openapi.json and checked in beside this file; a test compares the
// two, so that a change of the contract is a change that somebody reads.
//
// # What a client may rely on
//
//   - A list is a JSON array, [] when there is nothing. Whoever asks a rollup
//     about something that does not exist is told that nothing is known of it,
//     which is no error. Only a single tag and a single rule can be missing.
//   - The next page of a list is the address in the Link header, rel="next".
//     Pages neither skip nor repeat what was there all the time.
//   - min_confidence is a parameter of everything that is counted. It is 0.6
//     unless it is given: what people are shown. 0.3 is all there is.
//   - Rollups have strong ETags: equal tags, equal bytes.
//   - Errors are RFC 9457 problems. What is malformed is 400, whatever is
//     malformed about it; what may work later is 503 with Retry-After.
//   - A change is answered with 200 once the broker has acknowledged it.
//
// # What a client may not do
//
// The ledger quotes attackers, so whatever they wrote goes out as JSON that no
// terminal acts on and no browser renders: see package printable and
// headers.go. Everything is bounded: headers, bodies, pages, how long an answer
// may take and how many are worked on. Unless told otherwise the server listens
// on loopback only and answers to no other name, so that a page in a browser on
// the same machine cannot make it its own origin.
//
// # Who may
//
// With [Options.Access] every route but health and readiness asks for a token:
// see package access. Who asks is found out first (401), then whether they may
// (403), and only then can a request be malformed (400), so that strangers
// learn nothing from what is wrong. Every change has an entry in the audit log
// before it is made; a refused one has none.
//
// # Other tools
//
// Exports are for the ATT&CK Navigator, STIX and MISP (packages stix and misp),
// spreadsheets and line-by-line readers. Platforms that pull find a TAXII 2.1
// server at /taxii2/, which reads ttp.tagged itself: see walk.go for what makes
// it miss nothing. Live events read it once for all listeners: see feed.go.
//
// Nothing here knows rules or Kafka groups. What the API needs of them it
// declares as small interfaces ([RuleStates], [Retractions], [Vitals],
// [TagLog], [Auditor]), and cmd wires them.
package api
