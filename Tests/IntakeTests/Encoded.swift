// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A text in an encoding of iconv, for tests; nil if it has no such form.
func encoded(_ text: String, in encoding: String) -> [UInt8]? {
    guard let descriptor = iconv_open(encoding, "UTF-8"), Int(bitPattern: descriptor) != -1 else {
        return nil
    }
    defer { iconv_close(descriptor) }
    var input = Array(text.utf8)
    var output = [UInt8](repeating: 0, count: input.count * 8 + 16)
    var inputLeft = input.count
    var outputLeft = output.count
    let status = input.withUnsafeMutableBytes { source in
        output.withUnsafeMutableBytes { target in
            var from = source.bindMemory(to: CChar.self).baseAddress
            var to = target.bindMemory(to: CChar.self).baseAddress
            let status = iconv(descriptor, &from, &inputLeft, &to, &outputLeft)
            // A second call without input writes the way back to ASCII.
            return status == -1 ? status : iconv(descriptor, nil, nil, &to, &outputLeft)
        }
    }
    return status == -1 ? nil : Array(output[..<(output.count - outputLeft)])
}
