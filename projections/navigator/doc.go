// Package navigator writes layers for the ATT&CK Navigator, MITRE's viewer of
// the matrix, in version 4.5 of their format.
//
// A layer says for each technique under each tactic how sure we are that it
// was seen: the score is the greatest confidence in per cent. Confidence and
// not the number of tags, because the gradient is then the same in every
// layer, so that two layers can be compared and combined in the Navigator; a
// password guesser's hundred thousand tags would make everything else look
// white. The numbers stand in the comment and the metadata.
//
// Three things are easy to get wrong, and checked here:
//
//   - Sub-techniques are hidden until their parent shows them. Each parent of a
//     sub-technique in the layer is therefore in it too, with
//     showSubtechniques, under the same tactic.
//   - That entry has no score of its own unless the parent was seen itself: an
//     unscored technique has no colour. A score of 0 would be one.
//   - What the release does not hold (another release's id, a technique under
//     a tactic that does not hold it) the Navigator would drop in silence, or
//     stop with an alert. It is left out and named in the layer's metadata.
//
// A layer without scores is a valid empty layer. The same scores give the same
// bytes in whatever order they come.
package navigator
