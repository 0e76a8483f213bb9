"""The transparency log (可核验日志): RFC 6962 trees and the C2SP formats, pure and without I/O."""
