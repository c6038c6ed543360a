// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// A request, as far as the page looks at it.
package struct PageRequest: Sendable {
    /// `GET` or `POST`; others are refused.
    package var method: String
    /// The path as it was sent, without a query.
    package var path: String
    /// What the header `Host` says: name and port.
    package var host: String?
    /// What the header `Origin` says.
    package var origin: String?
    /// What the header `Content-Type` says.
    package var contentType: String?
    /// What the header `Accept-Language` says.
    package var language: String?
    /// The body; nil if it is longer than it may be, or its length is not told.
    package var body: Data?

    /// A request.
    package init(
        method: String = "GET", path: String, host: String? = "127.0.0.1", origin: String? = nil,
        contentType: String? = nil, language: String? = nil, body: Data? = Data()
    ) {
        self.method = method
        self.path = path
        self.host = host
        self.origin = origin
        self.contentType = contentType
        self.language = language
        self.body = body
    }

    /// Longest body that is read, in bytes.
    package static let bodyLimit = 64 << 10

    /// Whether the request was sent to this machine by a name of its own.
    ///
    /// A page of another site whose name was made to lead here (DNS rebinding) names itself.
    var isForLoopback: Bool {
        guard let host else { return false }
        let name = host.replacing(/:[0-9]{1,5}$/, with: "").lowercased()
        return ["127.0.0.1", "[::1]", "localhost"].contains(name)
    }

    /// Whether a page of another origin sends it.
    var isForeign: Bool { origin.map { $0 != "http://\(host ?? "")" } ?? false }
}

/// An answer.
package struct PageResponse: Sendable {
    /// The code of HTTP.
    package let status: Int
    /// The media type of the body; nil without one.
    package let contentType: String?
    /// The body.
    package let body: Data
    /// Where to go instead.
    package let location: String?

    init(
        status: Int, contentType: String? = nil, body: Data = Data(), location: String? = nil
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.location = location
    }

    static let notFound = PageResponse(status: 404)

    /// A value as JSON.
    static func json(_ value: some Encodable, status: Int = 200) throws -> PageResponse {
        PageResponse(
            status: status, contentType: "application/json; charset=utf-8",
            body: try JSONEncoder().encode(value))
    }

    /// A sentence on what is wrong, as `{"error"}`.
    static func refusal(_ status: Int, _ sentence: String) -> PageResponse {
        (try? json(["error": sentence], status: status)) ?? PageResponse(status: status)
    }

    /// The headers that every answer has: nothing from outside, nothing kept, nothing told to others.
    package static let headers = [
        "Content-Security-Policy":
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    ]
}
