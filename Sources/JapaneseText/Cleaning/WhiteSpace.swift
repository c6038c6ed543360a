// SPDX-License-Identifier: Apache-2.0

/// Rule `white-space`: white space other than line breaks becomes U+2581, one for any row of it.
///
/// The mark survives tokenization as a visible character; pre-tokens are separated by real spaces.
enum WhiteSpace {
    static func mark(in scalars: inout MappedScalars) {
        guard let first = scalars.values.firstIndex(where: { CharacterClasses.isSpace($0) }) else {
            return
        }
        var written = first
        for read in first..<scalars.count {
            if !CharacterClasses.isSpace(scalars.values[read]) {
                if read != written { scalars.move(read, to: written) }
                written += 1
            } else if written > 0, scalars.values[written - 1] == CharacterClasses.spaceMark {
                scalars.extend(written - 1, to: scalars.ends[read])
            } else {
                scalars.move(read, to: written)
                scalars.replace(at: written, with: CharacterClasses.spaceMark)
                written += 1
            }
        }
        scalars.truncate(to: written)
    }
}
