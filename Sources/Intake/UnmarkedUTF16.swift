// SPDX-License-Identifier: Apache-2.0

/// Bytes that are UTF-16 without the byte order mark that it is read with.
enum UnmarkedUTF16 {
    /// Whether bytes with NULs among them are: the NULs stand alone, at even or at odd places, and what comes
    /// out is likelier than the rest of the bytes as text of one byte each or of Japanese.
    static func isLikely(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 4, bytes.count.isMultiple(of: 2), let first = bytes.firstIndex(of: 0)
        else { return false }
        var (last, places) = (-2, 0)
        for (place, byte) in bytes.enumerated() where byte == 0 {
            guard (place - first).isMultiple(of: 2), place > last + 1 else { return false }
            (last, places) = (place, places + 1)
        }
        let encoding: TextEncoding =
            first.isMultiple(of: 2) ? .utf16BigEndian : .utf16LittleEndian
        guard let text = (try? TextDecoding.attempt(bytes, in: encoding))?.text,
            !text.unicodeScalars.contains(where: { $0.value < 9 || $0.value == 0xFFFE })
        else { return false }
        // Of a text of ASCII every second byte is one.
        if places * 2 == bytes.count { return true }
        guard let rest = try? EncodingDetection.decode(bytes.filter { $0 != 0 }) else {
            return true
        }
        return JapaneseLikelihood(of: text).logarithm
            > JapaneseLikelihood(of: rest.text).logarithm
    }
}
