<?php
/** "Track your order" after a purchase and in an order's details; the tab in My Account and its buttons. */

require __DIR__ . '/runner.php';

const PARCEL = array( 'status' => 'processing', 'ways' => array( 'flat_rate:3' ), 'items' => array( 7 ), 'order_key' => 'wc_order_abc' );

/** Static memory of what was shown lasts for one request: each order of a case has an id of its own. */
function order_of( array $data = array() ) {
	static $last = 500;
	new_product( 7 );
	new_product( 8, array( 'virtual' => true ) );
	return new_order( ++$last, $data + PARCEL );
}

function link_of( $order ) {
	$proof = substr( hash_hmac( 'sha256', (string) $order->get_id(), key_of( 'order' ) ), 0, 32 );
	return 'https://shop.example/apps/doorstep/o/' . $order->get_id() . '/' . $proof;
}

function after_purchase( $order ) {
	return printed( static fn() => do_action( 'woocommerce_thankyou', $order->get_id() ) );
}

function in_details( $order ) {
	return printed( static fn() => do_action( 'woocommerce_order_details_after_order_table', $order ) );
}

test(
	'the link names the order and proves that the shop made it',
	function () {
		connect();
		$order = order_of();
		same( link_of( $order ), Doorstep\order_link( $order ) );
		no( Doorstep\order_link( $order ) === Doorstep\order_link( order_of() ) );
	}
);

test(
	'once in a page, whichever place comes first',
	function () {
		connect();
		$_GET['key'] = 'wc_order_abc';
		$order       = order_of();
		$first       = after_purchase( $order );
		yes( false !== strpos( $first, 'href="' . link_of( $order ) . '"' ), $first );
		yes( false !== strpos( $first, '>Track your order</a>' ) );
		same( '', in_details( $order ) );
		same( '', after_purchase( $order ) );
		$other = order_of();
		no( '' === in_details( $other ) );
		same( '', after_purchase( $other ) );
	}
);

test(
	'only for orders that ship',
	function () {
		connect();
		$cases = array(
			array( array(), true ),
			array( array( 'ways' => array( 'free_shipping' ) ), true ),
			array( array( 'ways' => array( 'local_pickup:2' ) ), false ),
			array( array( 'ways' => array( 'pickup_location' ) ), false ),
			array( array( 'ways' => array( 'local_pickup', 'flat_rate' ) ), true ),
			array( array( 'ways' => array() ), true ),
			array( array( 'ways' => array(), 'items' => array( 8 ) ), false ),
			array( array( 'ways' => array(), 'items' => array( 8, 7 ) ), true ),
			array( array( 'ways' => array(), 'items' => array( 404 ) ), true ),
			array( array( 'ways' => array(), 'items' => array() ), false ),
			array( array( 'status' => 'on-hold' ), true ),
			array( array( 'status' => 'pending' ), true ),
			array( array( 'status' => 'completed' ), true ),
			array( array( 'status' => 'shipped' ), true ),
			array( array( 'status' => 'cancelled' ), false ),
			array( array( 'status' => 'failed' ), false ),
			array( array( 'status' => 'refunded' ), false ),
			array( array( 'status' => 'checkout-draft' ), false ),
		);
		foreach ( $cases as list( $data, $ships ) ) {
			same( $ships, '' !== Doorstep\order_link( order_of( $data ) ), json_encode( $data ) );
		}
	}
);

test(
	'nothing is printed while we are not connected',
	function () {
		$_GET['key'] = 'wc_order_abc';
		wp_set_current_user( 2 );
		$order = order_of( array( 'customer_id' => 2 ) );
		same( '', after_purchase( $order ) . in_details( $order ) . printed( 'Doorstep\print_account_tab' ) );
		same( array( 'orders' => 'Orders' ), apply_filters( 'woocommerce_account_menu_items', array( 'orders' => 'Orders' ) ) );
		same( array( 'view' ), array_keys( wc_get_account_orders_actions( $order ) ) );
		same( array(), $GLOBALS['wordpress_requests'] );
	}
);

test(
	'whoever does not bring the key of the order sees no link',
	function () {
		connect();
		foreach ( array( null, '', 'wc_order_abd', array( 'wc_order_abc' ), 'wc_order_abc ' . chr( 0 ) . 'x' ) as $key ) {
			$_GET  = null === $key ? array() : array( 'key' => $key );
			$order = order_of();
			same( '', after_purchase( $order ) . in_details( $order ), json_encode( $key ) );
		}
		foreach ( array( '', 'x', array( '' ) ) as $key ) {
			$_GET = array( 'key' => $key );
			same( '', after_purchase( order_of( array( 'order_key' => '' ) ) ) );
		}
	}
);

test(
	'an order of an account is for its owner',
	function () {
		connect();
		$_GET['key'] = 'wc_order_abc';
		$order       = order_of( array( 'customer_id' => 2 ) );
		same( '', after_purchase( $order ) );
		wp_set_current_user( 3 );
		same( '', in_details( $order ) );
		wp_set_current_user( 2 );
		no( '' === in_details( $order ) );
	}
);

test(
	'an address with anything in it is still an address',
	function () {
		connect();
		wp_set_current_user( 2 );
		$evil = static fn( $address ) => str_replace( 'shop.example', 'shop.example/"><script>x</script>', $address );
		add_filter( 'home_url', $evil );
		$html = in_details( order_of( array( 'customer_id' => 2 ) ) ) . printed( 'Doorstep\print_account_tab' );
		remove_filter( 'home_url', $evil );
		same( 2, substr_count( $html, '/apps/doorstep/o/' ) );
		no( strpos( $html, '<script' ), $html );
	}
);

test(
	'what is no order is passed over',
	function () {
		connect();
		foreach ( array( new WC_Order_Refund(), null, false, 7, 'x' ) as $thing ) {
			same( '', in_details( $thing ) );
		}
		same( '', printed( static fn() => do_action( 'woocommerce_thankyou', 987654 ) ) );
	}
);

test(
	'the tab stands behind the orders, in whatever menu',
	function () {
		connect();
		$menu = apply_filters( 'woocommerce_account_menu_items', array( 'dashboard' => 'D', 'orders' => 'O', 'customer-logout' => 'L' ) );
		same( array( 'dashboard', 'orders', 'track-orders', 'customer-logout' ), array_keys( $menu ) );
		same( array( 'dashboard', 'track-orders' ), array_keys( apply_filters( 'woocommerce_account_menu_items', array( 'dashboard' => 'D' ) ) ) );
		same( array( 'track-orders' => 'track-orders' ), apply_filters( 'woocommerce_get_query_vars', array() ) );
		same( 'Track orders', apply_filters( 'woocommerce_endpoint_track-orders_title', 'My account' ) );
	}
);

test(
	'the tab shows the customer\'s last orders that ship, newest first, with hostile numbers as text',
	function () {
		connect();
		wp_set_current_user( 2 );
		$evil   = '<img src=x onerror=alert(1)>"\'';
		$first  = order_of( array( 'customer_id' => 2, 'created' => 1000, 'number' => '1001' ) );
		$second = order_of( array( 'customer_id' => 2, 'created' => 2000, 'number' => $evil, 'status' => '<b>odd' ) );
		$sent   = order_of( array( 'customer_id' => 2, 'created' => 3000, 'number' => 'VIRTUAL', 'ways' => array(), 'items' => array( 8 ) ) );
		$others = order_of( array( 'customer_id' => 3, 'created' => 4000, 'number' => 'OTHERS' ) );
		$html   = printed( static fn() => do_action( 'woocommerce_account_track-orders_endpoint', '' ) );
		same( 2, substr_count( $html, '/apps/doorstep/o/' ) );
		yes( strpos( $html, link_of( $second ) ) < strpos( $html, link_of( $first ) ) );
		yes( false !== strpos( $html, esc_html( "#$evil" ) ), $html );
		yes( false !== strpos( $html, 'aria-label="' . esc_attr( "Track order number $evil" ) . '"' ), $html );
		foreach ( array( '<img', '<b>', 'VIRTUAL', 'OTHERS' ) as $never ) {
			no( strpos( $html, $never ), $never );
		}
		yes( false !== strpos( $html, '&lt;b&gt;odd' ) );
	}
);

test(
	'ten orders are the most, none is said, and a visitor gets nothing',
	function () {
		connect();
		same( '', printed( 'Doorstep\print_account_tab' ) );
		wp_set_current_user( 2 );
		yes( false !== strpos( printed( 'Doorstep\print_account_tab' ), 'None of your last orders is shipped.' ) );
		for ( $day = 1; $day <= 12; ++$day ) {
			order_of( array( 'customer_id' => 2, 'created' => $day, 'number' => "N$day" ) );
		}
		$html = printed( 'Doorstep\print_account_tab' );
		same( 10, substr_count( $html, '/apps/doorstep/o/' ) );
		no( strpos( $html, '#N2<' ) );
	}
);

test(
	'a button beside each order of the list, not on the pages of one order, where the link stands',
	function () {
		connect();
		wp_set_current_user( 2 );
		$order   = order_of( array( 'customer_id' => 2, 'number' => '"7"' ) );
		$actions = wc_get_account_orders_actions( $order );
		same( array( 'view', 'doorstep-track' ), array_keys( $actions ) );
		same( array( link_of( $order ), 'Track', 'Track order number "7"' ), array_values( $actions['doorstep-track'] ) );
		foreach ( array( '/my-account/view-order/501/', '/checkout/order-received/501/?key=x' ) as $place ) {
			$_SERVER['REQUEST_URI'] = $place;
			same( array( 'view' ), array_keys( wc_get_account_orders_actions( $order ) ), $place );
		}
		$_SERVER['REQUEST_URI'] = '/my-account/orders/';
		same( array( 'view' ), array_keys( wc_get_account_orders_actions( order_of( array( 'customer_id' => 3 ) ) ) ) );
	}
);
