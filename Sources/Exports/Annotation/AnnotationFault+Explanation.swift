// SPDX-License-Identifier: Apache-2.0
package import Faults

extension AnnotationFault: Explained {
    /// File, record, document and place, and what is wrong; never what stands there.
    package var explanation: String {
        var sentence = "\(place.file), record \(place.record)"
        if let document { sentence += ", document \(document)" }
        if let range { sentence += ", \(range.start)–\(range.end)" }
        return sentence + ": " + reason.words
    }

    /// The file is at fault.
    package var disposition: Disposition { .badData }
}

extension AnnotationFault.Reason {
    fileprivate var words: String {
        switch self {
        case .malformed: "not what this tool writes"
        case .noText: "no text"
        case .carriageReturn: "the text has carriage returns, which the tool counts in two ways"
        case .outside:
            "a place that ends before it begins, lies outside the text or cuts a character"
        case .surface: "another text stands there than the tool says"
        case .discontinuous: "a place of several parts"
        case .noLabel: "a place without a label"
        case .overlapping: "two places overlap"
        case .lineEnds: "the map of line ends is that of another text"
        case .conflict: "marked differently by two people, of whom none is called the truth"
        }
    }
}
