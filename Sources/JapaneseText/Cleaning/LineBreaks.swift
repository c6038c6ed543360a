// SPDX-License-Identifier: Apache-2.0

/// Rule `line-breaks`: every line break is one LF.
///
/// CR LF, CR, vertical tab, form feed, NEL, and Unicode's line and paragraph separators.
struct LineBreaks {
    let version: CleaningVersion

    func unify(in scalars: inout MappedScalars) {
        guard let first = scalars.values.firstIndex(where: isBreak) else { return }
        var written = first
        var read = first
        while read < scalars.count {
            let value = scalars.values[read]
            if isBreak(value), let length = length(in: scalars.values, at: read) {
                scalars.write(0x0A, insteadOf: read..<read + length, at: written)
                read += length
            } else {
                if read != written { scalars.move(read, to: written) }
                read += 1
            }
            written += 1
        }
        scalars.truncate(to: written)
    }

    /// A line break other than LF.
    @inline(__always)
    private func isBreak(_ value: UInt32) -> Bool {
        value == 0x0D || value == 0x0B || value == 0x0C || value == 0x85 || value == 0x2028
            || value == 0x2029
    }

    /// How many scalars make up the line break.
    private func length(in values: [UInt32], at index: Int) -> Int? {
        if values[index] == 0x0D { return values[safe: index + 1] == 0x0A ? 2 : 1 }
        guard version == .first, values[index] >= 0x2028 else { return 1 }
        // Version 1 took a separator with the variation selectors after it, and overlooked one with
        // other marks.
        let end = CombiningSegments(version: version).end(of: values, at: index)
        let marks = values[index + 1..<end]
        return marks.allSatisfy(InvisibleCharacters.isVariationSelector) ? end - index : nil
    }
}
