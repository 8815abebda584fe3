<?php
/** The page in WooCommerce's menu: the way in, the frame, the connection, and the tokens for the frame. */

require __DIR__ . '/runner.php';
require __DIR__ . '/pages.php';

/** The page as `$user` sees it. */
function page_seen( array $query = array(), $user = 1 ) {
	$_GET                     = wp_slash( $query );
	$_REQUEST                 = $_GET;
	$GLOBALS['wordpress_menu'] = array();
	wp_set_current_user( $user );
	// Only of this file: each page of the back office is a request of its own.
	unset( $GLOBALS['wordpress_hooks']['woocommerce_page_doorstep'] );
	return admin_page( 'doorstep' );
}

/** The words of the tab that is marked as the one shown. */
function tabs_on( $page ) {
	return array_column( array_filter( elements( $page, 'a' ), static fn( $link ) => 'page' === ( $link['aria-current'] ?? '' ) ), 'text' );
}

test(
	'an entry below WooCommerce, for whoever may manage the shop',
	function () {
		page_seen();
		$entry = $GLOBALS['wordpress_menu']['doorstep'];
		same( 'woocommerce', $entry['parent'] );
		same( 'manage_woocommerce', $entry['capability'] );
		foreach ( array( 0, 2, 3 ) as $user ) {
			same( 403, ends( static fn() => page_seen( array(), $user ) )->status );
		}
	}
);

test(
	'not connected: one button that leads to our installation, and nothing is asked before it is clicked',
	function () {
		store( 'tables', static fn( $tables ) => array( 'wp_woocommerce_api_keys' => array() ) + $tables );
		$page = page_seen();
		same( array( 'Doorstep is not connected' ), values( $page, 'h1' ) );
		same( array( 'https://app.example/woocommerce/install?shop=https%3A%2F%2Fshop.example' ), values( $page, 'a', 'href', 'button-primary' ) );
		same( array(), elements( $page, 'iframe' ) );
		same( array(), $GLOBALS['wordpress_requests'] );
		no( strpos( $page, 'frame.js' ) );
		// Nothing that the browser would load by itself is elsewhere.
		foreach ( array_merge( values( $page, 'script', 'src' ), values( $page, 'img', 'src' ), values( $page, 'link', 'href' ) ) as $address ) {
			same( 0, strpos( $address, 'https://shop.example/wp-content/plugins/doorstep/' ), $address );
		}
	}
);

test(
	'consent was given and the answer is on its way',
	function () {
		$page = page_seen();
		same( array( 'Doorstep is being connected' ), values( $page, 'h1' ) );
		same( array( 'Look again' ), values( $page, 'a', 'text', 'button-primary' ) );
		yes( in_array( "SELECT description FROM wp_woocommerce_api_keys WHERE description LIKE 'Doorstep - API (%' ORDER BY key_id DESC LIMIT 1", $GLOBALS['wpdb']->queries, true ) );
		clock_is_ahead( 3590 );
		same( array( 'Doorstep is being connected' ), values( page_seen(), 'h1' ) );
		clock_is_ahead( 3610 );
		same( array( 'Doorstep is not connected' ), values( page_seen(), 'h1' ), 'nothing came of it' );
		$again = array( 'key_id' => 20, 'user_id' => 1, 'description' => 'Doorstep - API (' . gmdate( 'Y-m-d H:i:s', time() + 3600 ) . ')' );
		store( 'tables', static fn( $tables ) => array( 'wp_woocommerce_api_keys' => array_merge( $tables['wp_woocommerce_api_keys'], array( $again ) ) ) + $tables );
		same( array( 'Doorstep is being connected' ), values( page_seen(), 'h1' ), 'the newest counts' );
		store( 'tables', static fn( $tables ) => array( 'wp_woocommerce_api_keys' => array( array( 'description' => 'Doorstep - API (renamed)' ) + $again ) ) + $tables );
		same( array( 'Doorstep is not connected' ), values( page_seen(), 'h1' ) );
	}
);

test(
	'what would make connecting fail is said instead of the button',
	function () {
		store( 'tables', static fn( $tables ) => array( 'wp_woocommerce_api_keys' => array() ) + $tables );
		update_option( 'permalink_structure', '' );
		$page = page_seen();
		same( 1, count( preg_grep( '/plain permalinks/', values( $page, 'div', 'text', 'notice' ) ) ) );
		same( array(), elements( $page, 'a', 'button' ) );
		update_option( 'permalink_structure', '/%postname%/' );
		putenv( 'WORDPRESS_HOME=http://shop.example' );
		$page = page_seen();
		putenv( 'WORDPRESS_HOME' );
		same( 1, count( preg_grep( '/begins with http\./', values( $page, 'div', 'text', 'notice' ) ) ) );
		same( array(), elements( $page, 'a', 'button' ) );
	}
);

test(
	'connected: the frame, with a token, and the script that hands out more',
	function () {
		connect();
		$page  = page_seen();
		$frame = elements( $page, 'iframe' )[0];
		list( $address, $query ) = explode( '?', $frame['src'] );
		same( 'https://app.example/woocommerce/app', $address );
		parse_str( $query, $given );
		same( array( 'id_token' ), array_keys( $given ) );
		same( '1', json_decode( base64_decode( strtr( explode( '.', $given['id_token'] )[1], '-_', '+/' ) ), true )['sub'] );
		same( APP, $frame['data-origin'] );
		same( '/wp-admin/admin-ajax.php?action=doorstep_token&nonce=' . wp_create_nonce( 'doorstep_token' ), $frame['data-token'] );
		same( '/wp-admin/admin.php?page=doorstep', $frame['data-home'] );
		yes( (bool) strpos( $page, 'https://shop.example/wp-content/plugins/doorstep/assets/frame.js?ver=' . Doorstep\VERSION ) );
		yes( (bool) preg_match( '/<body class="[^"]*\bdoorstep-framed\b/', $page ) );
		same( array( 'Doorstep' ), tabs_on( $page ) );
		no( strpos( $page, SECRET ) );
	}
);

test(
	'a deep link opens its page, and anything else the first one',
	function () {
		connect();
		$address = static function ( $path ) {
			$page = page_seen( array( 'path' => $path ) );
			return explode( '?', values( $page, 'iframe', 'src' )[0] )[0];
		};
		foreach ( array( '/flows', '/flows/order_confirmation', '/messages/12', '/flows/shipped/mail/on-its-way' ) as $path ) {
			same( "https://app.example/woocommerce/app$path", $address( $path ) );
		}
		foreach ( array( '/', '', 'flows', '//evil.example', '/../x', '/flows/', '/flows?x=1', '/"><script>', '@evil.example', array( '/flows' ) ) as $path ) {
			same( 'https://app.example/woocommerce/app', $address( $path ), json_encode( $path ) );
		}
	}
);

test(
	'a fresh token for the merchant\'s own page, and for nobody else',
	function () {
		connect();
		$ask = static function ( $user, $nonce_action = 'doorstep_token', $nonce_user = null ) {
			wp_set_current_user( $nonce_user ?? $user );
			$_REQUEST = array( 'action' => 'doorstep_token', 'nonce' => wp_create_nonce( $nonce_action ) );
			wp_set_current_user( $user );
			return ends( static fn() => do_action( 'wp_ajax_doorstep_token' ) );
		};
		$good = $ask( 1 );
		same( 200, $good->status );
		same( array( 'token' ), array_keys( $good->said ) );
		same( 2, substr_count( $good->said['token'], '.' ) );
		same( 403, $ask( 2 )->status, 'a customer' );
		same( 403, $ask( 3 )->status, 'an editor' );
		same( 403, $ask( 0 )->status, 'nobody' );
		same( 403, $ask( 1, 'doorstep_disconnect' )->status, 'a nonce for something else' );
		same( 403, $ask( 1, 'doorstep_token', 3 )->status, 'another user\'s nonce' );
		no( has_action( 'wp_ajax_nopriv_doorstep_token' ) );
		push_settings( array(), 1, 'DELETE' );
		same( 409, $ask( 1 )->status );
	}
);

test(
	'the connection in words',
	function () {
		connect( array( 'mails_off' => array( 'customer_processing_order', 'customer_fulfillment_created', 'customer_note' ) ) );
		$rows = static fn() => values( page_seen( array( 'view' => 'connection' ) ), 'td' );
		same( array( APP, 'shop.example', 'Within the last minute', 'Processing order, Fulfilment created' ), $rows() );
		clock_is_ahead( 185 );
		same( '3 mins ago', $rows()[2] );
		clock_is_ahead( 7200 );
		$page = page_seen( array( 'view' => 'connection' ) );
		same( array( '2 hours ago', 'None' ), array_slice( values( $page, 'td' ), 2 ) );
		same( 1, count( preg_grep( '/not been heard for more than half an hour/', values( $page, 'div', 'text', 'notice-warning' ) ) ) );
		clock_is_ahead( 0 );
		same( array(), elements( page_seen( array( 'view' => 'connection' ) ), 'div', 'notice' ) );
		same( array( 'Connection' ), tabs_on( page_seen( array( 'view' => 'connection' ) ) ) );
	}
);

test(
	'a wrong clock and another address of the back office are said',
	function () {
		clock_is_ahead( 600 );
		connect();
		same( 'The clock of this shop is ahead by 10 mins. Doorstep allows for that.', values( page_seen( array( 'view' => 'connection' ) ), 'td' )[4] );
		clock_is_ahead( -600 );
		connect( array( 'shop' => 'www.shop.example' ) );
		$page = page_seen( array( 'view' => 'connection' ) );
		same( 'The clock of this shop is behind by 10 mins. Doorstep allows for that.', values( $page, 'td' )[4] );
		same( 1, count( preg_grep( '/knows this shop as www\.shop\.example/', values( $page, 'div', 'text', 'notice' ) ) ) );
	}
);

test(
	'the form to leave carries the nonce that is asked for, and posts to the back office',
	function () {
		connect();
		$page = page_seen( array( 'view' => 'connection' ) );
		same( array( '/wp-admin/admin-post.php' ), values( $page, 'form', 'action' ) );
		same( array( 'post' ), values( $page, 'form', 'method' ) );
		$sent = array_column( elements( $page, 'input' ), 'value', 'name' );
		same( array( 'action' => 'doorstep_disconnect', '_wpnonce' => wp_create_nonce( 'doorstep_disconnect' ) ), $sent );
	}
);

test(
	'what came of leaving is said on the page that follows, and nothing that an address says',
	function () {
		same( 1, count( elements( page_seen( array( 'left' => 'told' ) ), 'div', 'notice-success' ) ) );
		same( 1, count( elements( page_seen( array( 'left' => 'untold' ) ), 'div', 'notice-warning' ) ) );
		$page = page_seen( array( 'left' => '<b>x</b>', 'view' => '"><b>y</b>' ) );
		no( strpos( $page, '<b>' ) );
		same( array(), values( $page, 'div', 'text', 'notice' ) );
	}
);

test(
	'what Doorstep sent is escaped where it is shown',
	function () {
		connect();
		$state         = get_option( 'doorstep_state' );
		$state['shop'] = '"><script>alert(1)</script>';
		$state['app']  = 'https://app.example"><script>alert(2)</script>';
		update_option( 'doorstep_state', $state );
		foreach ( array( array(), array( 'view' => 'connection' ) ) as $query ) {
			no( strpos( page_seen( $query ), '<script>alert' ) );
		}
	}
);

test(
	'the row of the plugin leads there',
	function () {
		$links = apply_filters( 'plugin_action_links_doorstep/doorstep.php', array( 'deactivate' ) );
		same( array( '<a href="https://shop.example/wp-admin/admin.php?page=doorstep">Connect</a>', 'deactivate' ), array_values( $links ) );
		connect();
		yes( (bool) strpos( apply_filters( 'plugin_action_links_doorstep/doorstep.php', array() )[0], '>Open<' ) );
	}
);

test(
	'other pages of the back office are left as they are',
	function () {
		connect();
		wp_set_current_user( 1 );
		$GLOBALS['wordpress_screen'] = 'dashboard';
		do_action( 'admin_enqueue_scripts', 'index.php' );
		same( array(), array_filter( $GLOBALS['wordpress_scripts'], static fn( $script ) => $script['wanted'] ) );
		same( 'x', apply_filters( 'admin_body_class', 'x' ) );
	}
);

test(
	'every text is of our own domain',
	function () {
		$GLOBALS['wordpress_domains'] = array();
		page_seen();
		connect();
		page_seen();
		page_seen( array( 'view' => 'connection' ) );
		same( array( 'doorstep' ), array_keys( $GLOBALS['wordpress_domains'] ) );
	}
);
