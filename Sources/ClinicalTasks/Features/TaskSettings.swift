// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONFiles
import LinearHeads

/// Reading and writing of the settings that a task stores beside its weights.
enum TaskSettings {
    /// Decodes settings; the error names the field that is missing or of the wrong kind.
    static func decode<Settings: Decodable>(
        _ type: Settings.Type, from data: Data, task: String
    ) throws(TaskParameterError) -> Settings {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw .settings(task: task, field: Self.field(of: error))
        } catch {
            throw .settings(task: task, field: "")
        }
    }

    /// Encodes settings with their keys in order, so that equal settings are equal bytes.
    static func encode(_ settings: some Encodable) throws -> Data {
        return try JSONEncoder.sorted().encode(settings)
    }

    /// Whether a number of buckets read from a file can be used.
    static func isBucketCount(_ count: Int) -> Bool {
        (1...(1 << 22)).contains(count) && count & (count - 1) == 0
    }

    private static func field(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): key.stringValue
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            context.codingPath.map(\.stringValue).joined(separator: ".")
        @unknown default: ""
        }
    }
}
