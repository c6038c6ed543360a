// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What libFuzzer calls with each input; SHOKEN_FUZZ names the format.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = start.map { Data(bytes: $0, count: count) } ?? Data()
    _ = Fuzzing.format.read(bytes)
    return 0
}

enum Fuzzing {
    /// The format under test.
    static let format: HostileRecord = {
        let name = ProcessInfo.processInfo.environment["SHOKEN_FUZZ"] ?? ""
        guard let format = HostileRecord(rawValue: name) else {
            preconditionFailure("SHOKEN_FUZZ names no format")
        }
        return format
    }()
}
