// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import ReviewPage

@Suite("Heads of requests")
struct RequestHeadTests {
    private func read(_ lines: String...) -> RequestHead? {
        RequestHead(Data(lines.joined(separator: "\r\n").utf8))
    }

    @Test("give method, path without query, and headers by names in small letters")
    func parts() throws {
        let head = try #require(
            read("POST /k/d/7?x=1 HTTP/1.1", "Host: localhost:80", "CONTENT-LENGTH:  12 "))
        #expect((head.method, head.path, head.bodyLength) == ("POST", "/k/d/7", 12))
        #expect(head.headers["host"] == "localhost:80")
        #expect(read("GET / HTTP/1.0")?.bodyLength == 0)
    }

    @Test(
        "are refused where they are none, or say a thing twice",
        arguments: [
            "", "GET", "GET / HTTP/2", "GET http://a/ HTTP/1.1", "GET /  HTTP/1.1",
            "GET / HTTP/1.1\r\nno colon", "GET / HTTP/1.1\r\n: x", "GET / HTTP/1.1\r\nHo st: x",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 2",
        ])
    func refused(text: String) {
        #expect(RequestHead(Data(text.utf8)) == nil)
    }

    @Test("do not tell the length of a body that is sent in pieces, or by what is no number")
    func lengths() {
        #expect(read("POST / HTTP/1.1", "Transfer-Encoding: chunked")?.bodyLength == nil)
        for stated in ["-1", "1x", "١", "9999999999999", ""] {
            #expect(read("POST / HTTP/1.1", "Content-Length: \(stated)")?.bodyLength == nil)
        }
        #expect(RequestHead(Data([0x47, 0xFF])) == nil)
    }
}
