"""The browser door: pages for people, behind the keeper, which says who they are."""
