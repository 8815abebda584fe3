<?php
/** Small decisions on the way from a visitor to Doorstep; the whole way by real bytes is in test_proxy*.py. */

require __DIR__ . '/runner.php';

/** What is left of a request that WordPress understood so. */
function taken( array $query_vars ) {
	$wp = (object) array( 'query_vars' => $query_vars );
	do_action( 'parse_request', $wp );
	return $wp->query_vars;
}

test(
	'of a request for a page nothing else is left, whatever WordPress read into it',
	function () {
		connect();
		$all = array( 'doorstep_page' => '/track/', 'feed' => 'rss2', 'p' => '7', 'error' => '404', 'rest_route' => '/wc/v3', 'name' => 'x', 's' => 'x', 'post_type' => array( 'x' ) );
		same( array( 'doorstep_page' => 'track' ), taken( $all ) );
		same( array( 'p' => '7' ), taken( array( 'p' => '7' ) ) );
		same( array( 'error' => '404' ), taken( array( 'doorstep_page' => '../x', 'p' => '7' ) ) );
	}
);

test(
	'it is taken before WordPress\' own REST door sees it',
	function () {
		same( 1, has_action( 'parse_request', 'Doorstep\take_request' ) );
	}
);

test(
	'not connected, every page is not found',
	function () {
		same( array( 'error' => '404' ), taken( array( 'doorstep_page' => 'track', 'p' => '7' ) ) );
	}
);

test(
	'a path is one below ours or none',
	function () {
		$good = array( 'track' => 'track', '/t/a.b-c_d/' => 't/a.b-c_d', 't/a%20b' => 't/a b', 'reviews.json?product=1' => 'reviews.json', '...' => '...', 'a/..b/c' => 'a/..b/c', str_repeat( 'x', 1000 ) => str_repeat( 'x', 1000 ) );
		foreach ( $good as $given => $path ) {
			same( $path, Doorstep\clean_path( (string) $given ), (string) $given );
		}
		foreach ( array( '', '/', '?x', '..', 'a/../b', 'a/./b', 'a//b', '%2e%2e/x', 'a\\b', "a\0b", "a\nb", 'a%0ab', 'a%7fb', str_repeat( 'x', 1001 ), array( 'track' ), null, 7 ) as $given ) {
			same( null, Doorstep\clean_path( $given ), json_encode( $given ) );
		}
	}
);

test(
	'other addresses of the shop keep their slash, ours are left as they are',
	function () {
		$GLOBALS['wordpress_query_vars'] = array();
		same( 'https://shop.example/cart/', apply_filters( 'redirect_canonical', 'https://shop.example/cart/', 'https://shop.example/cart' ) );
		$GLOBALS['wordpress_query_vars'] = array( 'doorstep_page' => 'track' );
		no( apply_filters( 'redirect_canonical', 'https://shop.example/apps/doorstep/track/', 'https://shop.example/apps/doorstep/track' ) );
	}
);

test(
	'a host that knows the visitor\'s address better may say it, and nothing but an address',
	function () {
		connect();
		$says = static fn( $address ) => static fn() => $address;
		same( '192.0.2.7', Doorstep\visitor_headers( 'GET' )['X-Forwarded-For'] );
		foreach ( array( '203.0.113.5' => '203.0.113.5', '2001:db8::1' => '2001:db8::1', "1.2.3.4\r\nX-Evil: 1" => '', 'somebody' => '', '' => '' ) as $said => $sent ) {
			$filter = $says( $said );
			add_filter( 'doorstep_visitor_address', $filter );
			same( $sent, Doorstep\visitor_headers( 'GET' )['X-Forwarded-For'], $said );
			remove_filter( 'doorstep_visitor_address', $filter );
		}
		$_SERVER['HTTP_X_FORWARDED_FOR'] = "198.51.100.1\r\nX-Evil: 1";
		no( strpbrk( Doorstep\visitor_headers( 'GET' )['X-Forwarded-For'], "\r\n" ) );
	}
);

test(
	'the type of a body goes with a body only, cookies and logins never',
	function () {
		$_SERVER += array( 'CONTENT_TYPE' => 'text/x', 'HTTP_ACCEPT' => 'text/html', 'HTTP_COOKIE' => 'a=b', 'HTTP_AUTHORIZATION' => 'Basic x', 'PHP_AUTH_USER' => 'x', 'HTTP_IF_NONE_MATCH' => 'W/"x"' );
		same( array( 'Accept', 'If-None-Match', 'X-Forwarded-For' ), array_keys( Doorstep\visitor_headers( 'GET' ) ) );
		same( array( 'Accept', 'Content-Type', 'If-None-Match', 'X-Forwarded-For' ), array_keys( Doorstep\visitor_headers( 'POST' ) ) );
	}
);

test(
	'only the host that was built in may live inside',
	function () {
		yes( Doorstep\is_own_app( 'https://app.example/proxy/woocommerce/track?x=1' ) );
		foreach ( array( 'https://app.example.evil.example/x', 'https://evil.example/app.example', 'https://app.example@evil.example/', 'http://127.0.0.1/' ) as $address ) {
			no( Doorstep\is_own_app( $address ), $address );
		}
	}
);

test(
	'links follow the shop into its folder, words do not',
	function () {
		connect();
		$page = '<a href="/apps/doorstep/t/x?a=1">/apps/doorstep/t/x</a><form action=\'/apps/doorstep/track\'><a href="/apps/doorstepper/x"><a href="https://other.example/apps/doorstep/x">';
		same( $page, Doorstep\relinked( $page ) );
		putenv( 'WORDPRESS_HOME=https://shop.example/store' );
		$moved = Doorstep\relinked( $page );
		$other = Doorstep\relinked_address( '/apps/doorstep/t/x' ) . ' ' . Doorstep\relinked_address( '/apps/doorstepper' ) . ' ' . Doorstep\relinked_address( 'https://x.example/apps/doorstep/t' );
		putenv( 'WORDPRESS_HOME' );
		same( '<a href="/store/apps/doorstep/t/x?a=1">/apps/doorstep/t/x</a><form action=\'/store/apps/doorstep/track\'><a href="/apps/doorstepper/x"><a href="https://other.example/apps/doorstep/x">', $moved );
		same( '/store/apps/doorstep/t/x /apps/doorstepper https://x.example/apps/doorstep/t', $other );
	}
);

test(
	'what translators write is words, on every page of ours',
	function () {
		connect();
		Doorstep\register_blocks();
		wp_set_current_user( 2 );
		new_product( 7 );
		$order  = new_order( 700, array( 'status' => 'processing', 'ways' => array( 'flat_rate' ), 'customer_id' => 2, 'created' => 1 ) );
		$filter = static fn( $text, $source, $domain ) => 'doorstep' === $domain ? "$text<i onload=x>\"'" : $text;
		add_filter( 'gettext', $filter, 10, 3 );
		$pages = array(
			'the form'           => do_shortcode( '[doorstep_tracking]' ),
			'the reviews'        => do_shortcode( '[doorstep_reviews product="7"]' ),
			'the link'           => printed( static fn() => do_action( 'woocommerce_thankyou', 700 ) ),
			'the tab'            => printed( 'Doorstep\print_account_tab' ),
			'the row of actions' => printed( static fn() => print_actions( $order, array() ) ),
		);
		wp_set_current_user( 3 );
		$pages['the empty tab'] = printed( 'Doorstep\print_account_tab' );
		Doorstep\shown_page( Doorstep\problem( 404 ) );
		$pages['a problem'] = printed( 'Doorstep\print_page' );
		remove_filter( 'gettext', $filter );
		foreach ( $pages as $name => $html ) {
			yes( false !== strpos( $html, '&lt;i onload=x&gt;' ), "$name: $html" );
			no( strpos( $html, '<i ' ), "$name: $html" );
			no( strpos( $html, "x>\"'" ), "$name: $html" );
		}
	}
);
