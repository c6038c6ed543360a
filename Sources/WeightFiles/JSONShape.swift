import Foundation

/// What Foundation's decoder does not tell of a JSON text: names that stand twice in one object, and
/// how deep its objects and lists are nested.
///
/// It makes a dictionary of an object, so that of two tensors of one name only one would be seen.
/// This looks at brackets, commas and texts alone, without recursion; whatever else is wrong with the
/// text is the decoder's to find.
struct JSONShape {
    /// Deepest nesting that is accepted; a header or a configuration needs less than ten levels.
    static let depthLimit = 64

    /// What is not accepted.
    enum Fault: Error, Equatable {
        /// A name stands twice in one object.
        case duplicate(name: String)
        /// Objects and lists are nested deeper than the limit.
        case depth
    }

    /// Throws the first fault of a text.
    static func check(_ json: Data) throws(Fault) {
        var shape = JSONShape(bytes: Array(json))
        try shape.check()
    }

    private let bytes: [UInt8]
    private var index = 0
    /// The names of each object around the place; nil for a list.
    private var open: [Set<[UInt8]>?] = []

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func check() throws(Fault) {
        /// Whether a text that comes now is a name.
        var expectsName = false
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                expectsName = byte == UInt8(ascii: "{")
                open.append(expectsName ? [] : nil)
                guard open.count <= Self.depthLimit else { throw .depth }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                _ = open.popLast()
                expectsName = false
            case UInt8(ascii: ","):
                expectsName = open.last.map { $0 != nil } ?? false
            case UInt8(ascii: "\""):
                let text = string()
                guard expectsName, let last = open.indices.last else { continue }
                expectsName = false
                guard open[last]?.insert(text).inserted == true else {
                    let shown = String(decoding: text.prefix(100), as: UTF8.self)
                    throw .duplicate(name: shown)
                }
            default: break
            }
        }
    }

    /// The bytes of a text whose opening mark was read, escapes undone.
    private mutating func string() -> [UInt8] {
        let start = index
        var isEscaped = false
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\") {
                isEscaped = true
                index += 1
            }
            index += 1
        }
        let content = start..<min(index, bytes.count)
        index += 1
        guard isEscaped else { return Array(bytes[content]) }
        // Two ways to write one name are the same name.
        let quoted = [UInt8(ascii: "\"")] + bytes[content] + [UInt8(ascii: "\"")]
        let text = try? JSONDecoder().decode(String.self, from: Data(quoted))
        return text.map { Array($0.utf8) } ?? Array(bytes[content])
    }
}
