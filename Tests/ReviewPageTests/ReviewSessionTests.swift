// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import ResultStore
import TestSupport
import Testing

@testable import ReviewPage

@Suite("The review page's answers")
struct ReviewSessionTests {
    let folder: TemporaryFolder
    let database: ResultDatabase
    let session: ReviewSession

    /// One document with markup in its text: 発熱 is the mention with row 1.
    init() throws {
        folder = try TemporaryFolder()
        database = try ResultDatabase(file: folder["shoken.db"])
        let text = "発熱</script><script>alert(1)</script>"
        var findings = Findings()
        findings.entities = [
            Entity(
                type: .disease,
                span: TextSpan(range: SourceRange(start: 0, end: 2), surface: "発熱"), score: 0.5)
        ]
        let file = RecordedFile(
            sha256: "aa", kind: .nursing, sourceName: "a.txt",
            receivedAt: "2026-01-02T04:00:00.000Z",
            documents: [RecordedDocument(ClinicalDocument(kind: .nursing, text: text), findings)])
        let maker = ResultMaker(
            name: "test", version: "1", sha256: "aa", cleaningVersion: "documents-1",
            dictionary: "ipadic", codeVersion: "0", methods: ["entities": "heads"])
        _ = try database.record([file], after: 0, maker: maker, at: .now)
        session = ReviewSession(
            database, file: folder["shoken.db"], reviewer: "甲", queue: ReviewQueue(.all),
            seesOthers: false)
    }

    private func get(_ path: String, host: String? = "127.0.0.1:8000") -> PageResponse {
        session.respond(to: PageRequest(path: "/\(session.key.digits)/\(path)", host: host))
    }

    private func post(
        _ body: String, to path: String = "documents/1", type: String = "application/json",
        origin: String? = nil
    ) -> PageResponse {
        session.respond(
            to: PageRequest(
                method: "POST", path: "/\(session.key.digits)/\(path)", origin: origin,
                contentType: type, body: Data(body.utf8)))
    }

    private func object(_ response: PageResponse) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: response.body) as? [String: Any])
    }

    @Test("nothing but 404 without the key")
    func key() {
        let key = session.key.digits
        #expect(key.utf8.count == 32 && key.allSatisfy(\.isHexDigit))
        #expect(ReviewKey().digits != key)
        for path in [
            "", "/", "/queue", "/\(key.dropLast())/", "/\(key)0/", "//\(key)/",
            "/\(key.reversed())/",
            "/documents/1", "/%\(key)/queue",
        ] {
            let answer = session.respond(to: PageRequest(path: path))
            #expect(answer.status == 404 && answer.body.isEmpty, "\(path)")
        }
        #expect(get("").status == 200)
    }

    @Test(
        "a request by a name that is not this machine's is refused, whatever it knows",
        arguments: [
            ("127.0.0.1:8000", true), ("localhost", true), ("[::1]:8000", true),
            ("LOCALHOST:1", true),
            ("evil.example", false), ("evil.example:8000", false),
            ("127.0.0.1.evil.example", false),
            ("localhost:8000@evil.example", false), (nil, false), ("", false), ("[::2]", false),
        ] as [(String?, Bool)])
    func host(name: String?, isAllowed: Bool) {
        #expect(get("queue", host: name).status == (isAllowed ? 200 : 421))
    }

    @Test("an action of another page's is refused")
    func origin() throws {
        let action = #"{"action":"accept","entity":1}"#
        #expect(post(action, origin: "http://evil.example").status == 403)
        #expect(post(action, origin: "null").status == 403)
        #expect(post(action, type: "text/plain").status == 415)
        #expect(post(action, type: "application/x-www-form-urlencoded").status == 415)
        #expect(session.actions == 0)
        #expect(post(action, origin: "http://127.0.0.1").status == 200)
        #expect(session.actions == 1)
    }

    @Test("an action gives the document as it is now")
    func action() throws {
        let changed = try object(
            post(
                """
                {"action":"change","entity":1,"type":"drug","start":0,"end":1,
                 "certainty":"negative","subject":"family"}
                """))
        let mentions = try #require(changed["mentions"] as? [[String: Any]])
        #expect(mentions.map { $0["verdict"] as? String } == ["change"])
        #expect(mentions.map { $0["type"] as? String } == ["drug"])
        #expect(mentions.map { $0["end"] as? Int } == [1])
        let undone = try object(post(#"{"action":"undo"}"#))
        #expect((undone["mentions"] as? [[String: Any]])?.first?["verdict"] as? String == "none")
        for body in [
            #"{"action":"add","type":"dose","start":2,"end":4,"certainty":"positive","subject":"patient"}"#,
            #"{"action":"level","added":3,"level":2}"#,
            #"{"action":"stage","axis":"t","value":"T1a"}"#, #"{"action":"stage","axis":"m"}"#,
            #"{"action":"reject","entity":1,"note":"腫瘤ではない"}"#, #"{"action":"done"}"#,
        ] { #expect(post(body).status == 200, "\(body)") }
        #expect(session.actions == 8)
        let listing = try object(get("queue"))
        let rows = try #require(listing["documents"] as? [[String: Any]])
        #expect(rows.map { $0["done"] as? Bool } == [true])
    }

    @Test(
        "what is no action, or does not fit the document, is refused with a sentence",
        arguments: [
            ("", 400), ("[]", 400), (#"{"action":"drop"}"#, 400), (#"{"action":"accept"}"#, 400),
            (#"{"action":"accept","entity":1,"added":1}"#, 400),
            (
                #"{"action":"add","type":"drug","start":4,"end":2,"certainty":"positive","subject":"patient"}"#,
                400
            ),
            (
                #"{"action":"add","type":"drug","start":-1,"end":2,"certainty":"positive","subject":"patient"}"#,
                400
            ),
            (
                #"{"action":"add","type":"drug","start":0,"end":9223372036854775807,"certainty":"positive","subject":"patient"}"#,
                422
            ),
            (
                #"{"action":"add","type":"drug","start":0,"end":1e400,"certainty":"positive","subject":"patient"}"#,
                400
            ),
            (#"{"action":"accept","entity":2}"#, 422), (#"{"action":"accept","added":1}"#, 422),
            (#"{"action":"level","entity":1,"level":4}"#, 422),
            (#"{"action":"stage","axis":"t","value":"T9"}"#, 422),
            (#"{"action":"stage","axis":"x","value":"T1"}"#, 400),
            (#"{"action":"undo"}"#, 409), (#"{"action":"done"}"#, 409),
        ] as [(String, Int)])
    func refused(body: String, status: Int) throws {
        let answer = post(body)
        #expect(answer.status == status)
        let sentence = try #require(try object(answer)["error"] as? String)
        #expect(!sentence.contains("発熱"))
        #expect(session.actions == 0)
    }

    @Test("a body that is too long is not looked at")
    func longBody() {
        let note = String(repeating: "a", count: PageRequest.bodyLimit)
        #expect(post(#"{"action":"accept","entity":1,"note":"\#(note)"}"#).status == 413)
        let unread = session.respond(
            to: PageRequest(
                method: "POST", path: "/\(session.key.digits)/documents/1",
                contentType: "application/json", body: nil))
        #expect(unread.status == 413)
        #expect(session.actions == 0)
    }

    @Test("other addresses and methods are refused")
    func addresses() {
        for path in [
            "documents/2", "documents/x", "documents/-1", "documents/1/2", "page", "../queue",
        ] {
            #expect(get(path).status == 404, "\(path)")
        }
        for method in ["PUT", "DELETE", "OPTIONS", "get"] {
            let path = "/\(session.key.digits)/documents/1"
            #expect(session.respond(to: PageRequest(method: method, path: path)).status == 405)
        }
        #expect(post("{}", to: "queue").status == 405)
        let alone = session.respond(to: PageRequest(path: "/\(session.key.digits)"))
        #expect(alone.status == 308 && alone.location == "/\(session.key.digits)/")
    }

    @Test("a text leaves as JSON alone, and the page has nothing of it")
    func markup() throws {
        let answer = get("documents/1")
        #expect(answer.contentType?.hasPrefix("application/json") == true)
        #expect(try object(answer)["text"] as? String == "発熱</script><script>alert(1)</script>")
        for path in ["", "page.js", "page.css"] {
            #expect(!String(decoding: get(path).body, as: UTF8.self).contains("発熱"))
        }
        let policy = try #require(PageResponse.headers["Content-Security-Policy"])
        #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"))
        // Nothing comes from elsewhere, and nothing is made of a text but text.
        for path in ["", "page.js", "page.css"] {
            let content = String(decoding: get(path).body, as: UTF8.self)
            #expect(
                !content.contains("http:") && !content.contains("https:")
                    && !content.contains("url("))
            #expect(!content.contains("innerHTML") && !content.contains("insertAdjacentHTML"))
        }
    }

    @Test("the page is Japanese unless the browser wants another language first")
    func language() {
        func language(_ wanted: String?) -> Bool {
            let path = "/\(session.key.digits)/"
            let page = session.respond(to: PageRequest(path: path, language: wanted))
            return String(decoding: page.body, as: UTF8.self).contains(#"<html lang="ja">"#)
        }
        #expect(language(nil) && language("ja-JP,en;q=0.8") && language("*"))
        #expect(!language("en-US,en;q=0.9,ja;q=0.5"))
    }

    @Test("another reviewer does not see what the first one did")
    func blind() throws {
        _ = post(#"{"action":"reject","entity":1}"#)
        for (seesOthers, verdict) in [(false, "none"), (true, "reject")] {
            let other = ReviewSession(
                database, file: folder["shoken.db"], reviewer: "乙", queue: ReviewQueue(.all),
                seesOthers: seesOthers)
            let answer = other.respond(
                to: PageRequest(path: "/\(other.key.digits)/documents/1"))
            let mentions = try #require(try object(answer)["mentions"] as? [[String: Any]])
            #expect(mentions.map { $0["verdict"] as? String } == [verdict])
        }
    }

    @Test("who may see others' actions sees how far they agree, and which mentions were not right")
    func agreement() throws {
        _ = post(#"{"action":"reject","entity":1}"#)
        #expect(get("agreement").status == 403)
        let other = ReviewSession(
            database, file: folder["shoken.db"], reviewer: "乙", queue: ReviewQueue(.all),
            seesOthers: true)
        let found = try object(
            other.respond(to: PageRequest(path: "/\(other.key.digits)/agreement")))
        let cases = try #require(found["cases"] as? [[Any]])
        #expect(cases.map { $0.first as? Int } == [1])
        #expect(cases.map { $0.last as? String } == ["reject"])
        let days = try #require(found["days"] as? [[Any]])
        #expect(days.map { $0[2] as? Double } == [0])
    }
}
