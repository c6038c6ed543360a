// SPDX-License-Identifier: Apache-2.0
package import Faults

extension LabelMap.Fault: Explained {
    /// The labels, and where to say what they mean.
    package var explanation: String {
        switch self {
        case .namesMissing(let count):
            "config.json names its \(count) labels by number only (id2label); list them as names = […] in the file of --labels"
        case .nameCount(let expected, let found):
            "names lists \(found) labels, the model has \(expected)"
        case .noOutside: "no label is O (id2label, or names in the map)"
        case .unmapped(let classes):
            "nothing says what these labels mean: \(classes.joined(separator: ", ")); give each a line in the file of --labels, \"ignore\" included"
        case .unknown(let classes):
            "the map names labels that the model has not: \(classes.joined(separator: ", "))"
        case .nothingMapped:
            "all labels are ignored; import the model with --as trunk instead"
        }
    }

    /// The map, or the model's own names, are at fault.
    package var disposition: Disposition { .badData }
}
