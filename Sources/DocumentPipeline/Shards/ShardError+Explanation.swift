// SPDX-License-Identifier: Apache-2.0
package import Faults

extension ShardError: Explained {
    /// File, line and field.
    package var explanation: String {
        switch self {
        case .damaged(let file, let line):
            "\(file), line \(line): it is damaged or cut off, or a line before it is missing (its sum is not that of "
                + "what was written); read the shard again with annotate --for-merge"
        case .cutOff(let file, let line):
            "\(file): it ends with line \(line), before the shard's end; read the shard again with annotate --for-merge"
        case .malformed(let file, let line, let field):
            "\(file), line \(line): \(field) is not what annotate --for-merge writes there"
        case .otherMaker(let file, let line, let field, let found, let expected):
            "\(file), line \(line): the shard has \(field) \(found), and here it is \(expected); read it with the "
                + "same model, program and configuration, or name its model with --model"
        }
    }

    /// The files are at fault.
    package var disposition: Disposition { .badData }
}
