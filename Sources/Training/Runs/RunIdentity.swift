// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation

/// Everything that decides the weights of a run, by name, so that a difference can be named.
package struct RunIdentity: Codable, Hashable, Sendable {
    /// What stands for each part: a number, a word, a digest.
    package private(set) var parts: [String: String] = [:]

    /// Nothing yet.
    package init() {}

    /// The part under a name, such as `model.hidden_size`.
    package subscript(name: String) -> String? {
        get { parts[name] }
        set { parts[name] = newValue }
    }

    /// Adds all properties of a value of simple ones, under `name.property`.
    package mutating func add(_ value: Any, as name: String) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .dictionary, .set:
            // Their order is drawn anew in each process.
            let entries = mirror.children.map { "\($0.value)" }.sorted()
            parts[name] = entries.joined(separator: " ")
        case .struct, .tuple:
            for child in mirror.children {
                add(child.value, as: child.label.map { "\(name).\($0)" } ?? name)
            }
        default: parts[name] = "\(value)"
        }
    }

    /// Names of the parts in which two identities differ, sorted.
    package func differences(from other: RunIdentity) -> [String] {
        Set(parts.keys).union(other.parts.keys).filter { parts[$0] != other.parts[$0] }.sorted()
    }
}

extension RunIdentity {
    /// What stands for the content of a model's folder: its weights and configurations.
    package static func digest(ofModel folder: URL) throws -> String {
        let names = try FileManager.default
            .contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { $0.hasSuffix(".safetensors") || $0.hasSuffix(".json") }.sorted()
        let parts = try names.map { name in
            let file = folder.appending(path: name).resolvingSymlinksInPath()
            return "\(name) \(try ContentDigest(ofFile: FilePath(file)).hexadecimal)"
        }
        return ContentDigest(of: Data(parts.joined(separator: "\n").utf8)).hexadecimal
    }
}
