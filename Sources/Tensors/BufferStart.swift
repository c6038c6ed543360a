extension UnsafeBufferPointer {
    /// The first element's address; loops over nothing never ask for it.
    var start: UnsafePointer<Element> {
        guard let baseAddress else { preconditionFailure("empty memory has no start") }
        return baseAddress
    }
}

extension UnsafeMutableBufferPointer {
    /// The first element's address; loops over nothing never ask for it.
    var start: UnsafeMutablePointer<Element> {
        guard let baseAddress else { preconditionFailure("empty memory has no start") }
        return baseAddress
    }
}
