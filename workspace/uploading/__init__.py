"""Images that come in through the browser: on disk, before anybody has looked at them."""
