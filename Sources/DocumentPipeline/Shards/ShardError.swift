// SPDX-License-Identifier: Apache-2.0

/// Why results of other machines are not merged; nothing of the call is, then.
package enum ShardError: Error, Hashable, Sendable {
    /// A line is not as it was written, or one before it is missing.
    case damaged(file: String, line: Int)
    /// A file ends within a shard.
    case cutOff(file: String, line: Int)
    /// A line is whole and holds what no shard does.
    case malformed(file: String, line: Int, field: String)
    /// A shard was read by another model, program or configuration.
    case otherMaker(file: String, line: Int, field: String, found: String, expected: String)
}
