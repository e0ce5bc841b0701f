"""LearnHub on the home screen: manifest, service worker, the page without network, photos shared from the phone."""
